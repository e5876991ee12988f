import { parseArgs } from 'node:util';
import type { CommandContext, WorldOptions } from '@managed-cluster/testbed';

/** Flags of the commands that start a world to look at. */
export const WORLD_FLAGS =
  '[--no-workload] [--no-crossplane] [--no-providers] [--function <command>]';

/** The world that the flags ask for, whose progress goes to the terminal. */
export function worldOptions({ args, environment, signal }: CommandContext): WorldOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-workload': { type: 'boolean' },
      'no-crossplane': { type: 'boolean' },
      'no-providers': { type: 'boolean' },
      function: { type: 'string' },
    },
  });
  const functionCommand = values.function?.split(' ');
  const crossplane = { files: environment.crossplane, ...(functionCommand && { functionCommand }) };
  return {
    folder: environment.folder,
    binaries: environment.binaries,
    workload: values['no-workload'] !== true,
    providers: values['no-providers'] !== true,
    ...(values['no-crossplane'] !== true && { crossplane }),
    signal,
    onEvent: ({ t, what }) => console.log(`${t.toFixed(1).padStart(6)} s  ${what}`),
  };
}
