import type { Command } from './command.ts';
import { demo } from './commands/demo.ts';
import { demoReal } from './commands/demo-real.ts';
import { e2e } from './commands/e2e.ts';
import { probe } from './commands/probe.ts';
import { kill } from './commands/kill.ts';
import { real } from './commands/real.ts';
import { shell } from './commands/shell.ts';

/** The subcommands of main.ts by name. */
export const COMMANDS: Readonly<Record<string, Command>> = { demo, e2e, kill, real, shell, probe };

/** commandOf finds a subcommand; `--real` asks for the one of that name with real nodes. */
export function commandOf(name: string, args: readonly string[]): Command | undefined {
  return name === 'demo' && args.includes('--real') ? demoReal : COMMANDS[name];
}
