import { waitFor } from '@managed-cluster/toolchain';
import { remains } from '@managed-cluster/testbed';
import { CLUSTER } from '../../capi/kinds.ts';
import { BY_HAND, stopwatch, type Bench } from './bench.ts';
import type { Told } from './numbers.ts';

const PATIENCE_MS = 15 * 60_000;

/** removeByHand deletes a cluster that the management side has again, and waits until it is gone. */
export async function removeByHand({ world, problem, tell }: Bench): Promise<Told> {
  const { api } = world.management;
  const ref = { ...CLUSTER, ...BY_HAND };
  const seconds = stopwatch();
  await api.delete(ref);
  await waitFor({
    what: `Cluster ${BY_HAND.name} to be gone`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 100,
    look: async () => ((await api.get(ref)) === undefined ? true : undefined),
  });
  const took = seconds();
  tell(`${BY_HAND.name}: gone after ${took.toFixed(1)} s`);
  for (const one of await remains(world.engine.docker, world.management.api, BY_HAND.name))
    problem(`left of what was made by hand: ${one}`);
  return { what: '`kubectl delete cluster`', seconds: took };
}
