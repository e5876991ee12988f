import { runProgram } from '../lib/program/program.ts';
import { providerProgram } from './program.ts';

const { argv, env, stdout, stderr } = process;
const world = { argv: argv.slice(2), env, signals: process, stdout, stderr };
process.exit(await runProgram(providerProgram, world));
