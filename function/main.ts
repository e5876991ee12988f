import { runFunction } from './run-function.ts';
import { runProgram } from './server/program.ts';

const { argv, env, stdout, stderr } = process;
const name = 'function-managed-cluster';
const deps = { name, run: runFunction, argv: argv.slice(2), env, signals: process, stdout, stderr };
process.exit(await runProgram(deps));
