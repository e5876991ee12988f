import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyCrds, grantAccess, pivotObject } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { otherSide, type Side } from '../oracle/audit-event.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { stopwatch, type Bench } from './bench.ts';
import type { Handed } from './by-hand.ts';
import type { Handover } from './numbers.ts';
import { watchPauses, type Watched } from './pauses.ts';
import { stepsOf } from './pivot-steps.ts';
import { atRest } from './rest.ts';

/** PivotsOptions say how often a cluster is handed over, and who is told of each time. */
export interface PivotsOptions {
  /** Handovers; the first one leads to the cluster itself. */
  readonly count: number;
  readonly take: (handover: Handover) => void;
}

/** Caches of both sides shall have heard of what became of the last handover. */
const PAUSE_MS = 10_000;

const PATIENCE_MS = 180_000;

/** pivots hands over a cluster that the management side has, again and again, by the provider that runs there. */
export async function pivots(
  bench: Bench,
  handed: Handed,
  { count, take }: PivotsOptions,
): Promise<void> {
  const sides = { management: bench.world.management.api, workload: handed.cluster.api };
  const access = { namespace: handed.input.namespace, name: `${handed.input.name}-access` };
  await admit(sides, access, readFileSync(handed.cluster.kubeconfig, 'utf8'));
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const watched = watchPauses(sides, handed.input, abort.signal);
  try {
    for (let turn = 0; turn < count; turn += 1) {
      const to = turn % 2 === 0 ? 'workload' : 'management';
      // oxlint-disable-next-line no-await-in-loop -- there and back again
      await atRest(sides[otherSide(to)], handed.input);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(PAUSE_MS);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const handover = await handOver(sides.management, {
        ...handed,
        access: access.name,
        to,
        watched,
      });
      const { seconds, toldMs, seenMs } = handover;
      bench.tell(
        `pivot ${turn + 1}/${count} to ${to}: Ready after ${seconds.toFixed(1)} s, pause ${toldMs} ms, seen ${seenMs?.toFixed(0)} ms`,
      );
      take(handover);
    }
  } finally {
    abort.abort();
  }
  await atRest(sides.management, handed.input);
  await sides.management.delete({ apiVersion: 'v1', kind: 'Secret', ...access });
}

/** What AgentInstallation would have made inside; and the way in, for the provider. */
async function admit(
  { management, workload }: Readonly<Record<Side, KubeApi>>,
  access: { readonly namespace: string; readonly name: string },
  kubeconfig: string,
): Promise<void> {
  await applyCrds(workload, objectsIn('package/crds'));
  for (const policy of objectsIn('package/policies/workload')) {
    // oxlint-disable-next-line no-await-in-loop -- a policy before its binding
    await workload.apply(policy, { fieldManager: 'numbers', force: true });
  }
  await grantAccess(management, access, kubeconfig);
}

interface Turn extends Handed {
  readonly access: string;
  readonly to: Side;
  readonly watched: Watched;
}

async function handOver(api: KubeApi, { input, access, to, watched }: Turn): Promise<Handover> {
  const { namespace, name: cluster } = input;
  const name = `${cluster}-to-${to}`;
  const ref = { ...PIVOT, namespace, name };
  const elapsed = stopwatch();
  await api.create(pivotObject({ namespace, name, cluster, access, to }));
  const pivot = await waitFor({
    what: `Pivot ${name} to be Ready`,
    timeoutMs: PATIENCE_MS,
    intervalMs: 100,
    look: async () => readyOrWhyNot(await api.get(ref)),
  });
  const seconds = elapsed();
  const toldMs = recordIn(pivot, 'status')?.['unmanagedMilliseconds'];
  const seenMs = await watched.pauseTo(to);
  await api.delete(ref);
  await waitFor({
    what: `Pivot ${name} to be gone`,
    timeoutMs: PATIENCE_MS,
    look: async () => ((await api.get(ref)) === undefined ? true : undefined),
  });
  return {
    to,
    seconds,
    steps: stepsOf(pivot),
    ...(typeof toldMs === 'number' && { toldMs }),
    ...(seenMs !== undefined && { seenMs }),
  };
}

function readyOrWhyNot(pivot: KubeObject | undefined): KubeObject | undefined {
  if (isTrue(pivot, 'Ready')) return pivot;
  throw new Error(conditionOf(pivot, 'Ready')?.message ?? 'it has no condition Ready');
}
