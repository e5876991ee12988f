import { runCommandLine } from '@managed-cluster/testbed';
import { COMMANDS } from './commands.ts';

process.exit(await runCommandLine(COMMANDS, process.argv.slice(2)));
