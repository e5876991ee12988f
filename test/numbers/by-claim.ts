import { setMaxListeners } from 'node:events';
import {
  deleteClaim,
  follow,
  realClaim,
  realProfile,
  remains,
  unmanagedMilliseconds,
  workloadCluster,
} from '@managed-cluster/testbed';
import { MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { CLAIMED, SIZES, stopwatch, type Bench } from './bench.ts';
import { grow } from './grow.ts';
import type { Life, Told } from './numbers.ts';
import { inputOf } from './subject.ts';

const CLAIM = { ...MANAGED_CLUSTER_CLAIM, ...CLAIMED };

/** How long the way back may take. */
const PATIENCE_MS = 15 * 60_000;

/** leadByClaim leads the life of a cluster that is claimed from our product, from its apply to its end. */
export async function leadByClaim(bench: Bench): Promise<Life> {
  const claim = realClaim({ ...CLAIMED, ...SIZES, socket: bench.world.engine.socket });
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  try {
    return await lead(bench, claim, abort.signal);
  } finally {
    abort.abort();
  }
}

async function lead(bench: Bench, claim: KubeObject, signal: AbortSignal): Promise<Life> {
  const { world } = bench;
  const management = world.management.api;
  const timeline: Told[] = [];
  let going = false;
  const seconds = stopwatch();
  await management.apply(realProfile(), { fieldManager: 'kubectl' });
  await management.apply(claim, { fieldManager: 'kubectl' });
  const workload = workloadCluster(world.context, management, CLAIMED).then(({ api }) => api);
  const followed = follow({
    management,
    workload,
    namespace: CLAIMED.namespace,
    tell(line) {
      // What Cluster API removes, one after the other, is told at length.
      if (going && line.kind === 'waiting') return;
      timeline.push({ seconds: seconds(), what: `${line.where}: ${line.text}` });
    },
    signal,
  });
  const grown = grow(bench, { input: inputOf(claim), claim: CLAIM, workload, seconds });
  // Following ends by the signal only, or fails.
  const whole = await Promise.race([grown, followed.then(() => grown)]);
  const unmanagedMs = await unmanagedMilliseconds({ management, claim: CLAIM });
  going = true;
  const removal = [await removed(bench)];
  return {
    ...whole,
    timeline,
    removal,
    ...(typeof unmanagedMs === 'number' && { unmanagedMs }),
  };
}

async function removed(bench: Bench): Promise<Told> {
  const { world, tell, problem } = bench;
  const seconds = stopwatch();
  await deleteClaim({ management: world.management.api, claim: CLAIM }, PATIENCE_MS);
  const took = seconds();
  tell(`${CLAIMED.name}: gone after ${took.toFixed(1)} s`);
  for (const one of await remains(world.engine.docker, world.management.api, CLAIMED.name))
    problem(`left of the claim: ${one}`);
  return { what: '`kubectl delete managedcluster`', seconds: took };
}
