import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  binary,
  type Command,
  type CommandContext,
  inNamespace,
  startWorld,
  type World,
} from '@managed-cluster/testbed';
import { WORLD_BINARIES } from '@managed-cluster/toolchain';
import { worldOptions } from './world-flags.ts';

/** Proves the parts of the world that have nothing to do with our product. */
export const probe: Command = {
  summary: 'start a world, check network, link and restarts, and end it',
  binaries: WORLD_BINARIES,
  run: runProbe,
};

async function runProbe(context: CommandContext): Promise<number> {
  const options = worldOptions(context);
  const world = await startWorld(options);
  const { management } = world.sites;
  const { emit } = world.context;
  if (options.workload) await probeLink(world);
  if (options.crossplane) {
    await world.crossplane.core.restart('kill');
    await world.crossplane.rbacManager.restart('kill');
    await world.crossplane.function.restart('kill');
    emit('core, RBAC manager and function killed and restarted');
  }
  await management.processes.apiServer.restart('kill');
  emit('API server of m killed and restarted');
  await management.processes.etcd.restart('kill');
  emit(`etcd of m killed and restarted: ${String(await management.api.raw('GET', '/readyz'))}`);
  await world.stop();
  emit('stopped');
  return 0;
}

async function probeLink(world: World): Promise<void> {
  const { emit } = world.context;
  emit(`from w over the link: ${await fromWorkload(world)}`);
  await world.link.cut();
  emit(`link cut, from w: ${await fromWorkload(world)}`);
  const { management, workload } = world.sites;
  const [m, w] = await Promise.all(
    [management, workload].map(({ api }) => api.raw('GET', '/readyz')),
  );
  emit(`link cut, from the driver: ${String(m)} and ${String(w)}`);
  await world.link.join();
  emit(`link joined, from w: ${await fromWorkload(world)}`);
}

/** Asks the API server of the management site from inside the workload site. */
async function fromWorkload(world: World): Promise<string> {
  const kubectl = binary(world.context, 'kubectl');
  const ask = [
    kubectl,
    '--kubeconfig',
    world.sites.management.kubeconfig,
    'get',
    '--raw',
    '/readyz',
    '--request-timeout=2s',
  ];
  const [command = '', ...args] = inNamespace('w', ask);
  return promisify(execFile)(command, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error instanceof Error ? (error.message.split('\n').at(1) ?? '') : ''),
  );
}
