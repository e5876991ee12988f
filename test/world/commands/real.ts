import { once } from 'node:events';
import { REAL_BINARIES } from '../binaries/table.ts';
import type { Command, CommandContext } from '../command.ts';
import { kubectlFromOutside } from '../isolation/enter.ts';
import { onThisMachine, surveyMachine } from '../real/machine.ts';
import { startRealWorld } from '../real/real-world.ts';
import { ensureRootFileSystems } from '../real/root-file-systems.ts';
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
