import { once } from 'node:events';
import { REAL_BINARIES } from '@managed-cluster/toolchain';
import {
  type Command,
  type CommandContext,
  ensureRootFileSystems,
  kubectlFromOutside,
  onThisMachine,
  startRealWorld,
  surveyMachine,
} from '@managed-cluster/testbed';
import { progressLine } from './e2e.ts';

/** A world of real nodes, to look at. */
export const real: Command = {
  summary: 'start a management side of one real node, and keep it until Ctrl-C',
  binaries: REAL_BINARIES,
  survey: surveyMachine,
  async prepare() {
    await ensureRootFileSystems({ progress: console.log });
  },
  surround: onThisMachine,
  run: runReal,
};

async function runReal({ environment, signal }: CommandContext): Promise<number> {
  const world = await startRealWorld({ ...environment, onEvent: progressLine });
  console.log('the management side, in another terminal, as the same user:');
  const kubectl = kubectlFromOutside(environment);
  console.log(`  ${kubectl} --kubeconfig ${world.management.kubeconfig} get pods -A`);
  if (!signal.aborted) await once(signal, 'abort');
  await world.stop();
  return 0;
}
