import { runProgram } from '../lib/program/program.ts';
import { functionProgram } from './program.ts';
import { runFunction } from './run-function.ts';

const { argv, env, stdout, stderr } = process;
const world = { argv: argv.slice(2), env, signals: process, stdout, stderr };
process.exit(await runProgram(functionProgram(runFunction), world));
