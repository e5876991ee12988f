import type { Command } from './command.ts';
import { demo } from './commands/demo.ts';
import { e2e } from './commands/e2e.ts';
import { probe } from './commands/probe.ts';
import { kill } from './commands/kill.ts';
import { real } from './commands/real.ts';
import { shell } from './commands/shell.ts';

/** The subcommands of main.ts by name. */
export const COMMANDS: Readonly<Record<string, Command>> = { demo, e2e, kill, real, shell, probe };
