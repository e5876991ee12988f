import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import {
  type Command,
  type CommandContext,
  startWorld,
  type World,
} from '@managed-cluster/testbed';
import { WORLD_BINARIES } from '@managed-cluster/toolchain';
import { WORLD_FLAGS, worldOptions } from './world-flags.ts';

/** A whole world to look around in. */
export const shell: Command = {
  summary: `start a world and a shell in it, or wait for Ctrl-C without a terminal ${WORLD_FLAGS}`,
  binaries: WORLD_BINARIES,
  run: runShell,
};

async function runShell(context: CommandContext): Promise<number> {
  const { signal } = context;
  const options = worldOptions(context);
  const world = await startWorld(options);
  console.log(`\nlogs        ${world.context.logs}`);
  console.log(
    `management  kubectl --kubeconfig ${world.sites.management.kubeconfig} (the default here)`,
  );
  if (options.workload) {
    console.log(`workload    kubectl --kubeconfig ${world.sites.workload.kubeconfig}`);
  }
  if (process.stdin.isTTY) await interactiveShell(world);
  else if (!signal.aborted) await once(signal, 'abort');
  return 0;
}

/** The shell has kubectl on its PATH and the management site as its cluster. */
async function interactiveShell(world: World): Promise<void> {
  const { SHELL = 'sh', PATH = '' } = process.env;
  const binaries = dirname(world.context.binaries['kubectl'] ?? '');
  console.log('exit        leaves this shell and ends the world\n');
  const child = spawn(SHELL, [], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${binaries}:${PATH}`,
      KUBECONFIG: world.sites.management.kubeconfig,
    },
  });
  await once(child, 'exit');
}
