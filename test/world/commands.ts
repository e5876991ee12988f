import type { Command } from './command.ts';
import { demo } from './commands/demo.ts';
import { demoReal } from './commands/demo-real.ts';
import { e2eReal } from './commands/e2e-real.ts';
import { e2e } from './commands/e2e.ts';
import { probe } from './commands/probe.ts';
import { kill } from './commands/kill.ts';
import { numbers } from './commands/numbers.ts';
import { real } from './commands/real.ts';
import { shell } from './commands/shell.ts';

/** The subcommands of main.ts by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  demo,
  e2e,
  kill,
  numbers,
  real,
  shell,
  probe,
};

/** Those that `--real` plays with real nodes. */
const WITH_REAL_NODES: Readonly<Record<string, Command>> = { demo: demoReal, e2e: e2eReal };

/** commandOf finds a subcommand; `--real` asks for the one of that name with real nodes. */
export function commandOf(name: string, args: readonly string[]): Command | undefined {
  if (!args.includes('--real')) return COMMANDS[name];
  return WITH_REAL_NODES[name];
}
