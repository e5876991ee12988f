import { MANAGEMENT } from '@managed-cluster/testbed';
import type { ClusterInput } from '../../capi/cloud.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import type { Bench } from './bench.ts';
import { firstControlPlaneNode, loadsAfter, type Place } from './loads.ts';
import type { Life, Loads } from './numbers.ts';
import { observe } from './observe.ts';
import { PHASES, secondsToWhole } from './phases.ts';

/** Growing is a cluster that was just applied. */
export interface Growing {
  readonly input: ClusterInput;
  /** Of one that was claimed: then it is not whole before its claim says so. */
  readonly claim?: ObjectRef;
  /** Resolves when its API server answers. */
  readonly workload: Promise<KubeApi>;
  /** Seconds since the apply. */
  readonly seconds: () => number;
}

/** grow looks at a cluster until it is whole, and measures what its nodes take after the handover and at its end. */
export async function grow(
  bench: Bench,
  growing: Growing,
): Promise<Pick<Life, 'marks' | 'seconds' | 'loads'>> {
  const { workload, seconds, input } = growing;
  let inside: KubeApi | undefined;
  let early: Promise<readonly Loads[]> = Promise.resolve([]);
  const [marks] = await Promise.all([
    observe({
      ...growing,
      management: bench.world.management.api,
      inside: () => inside,
      reached(phase) {
        bench.tell(`${input.name}: ${seconds().toFixed(1)} s: ${PHASES[phase].title}`);
        if (phase === 'handover') {
          early = loadsAfter(bench, 'the handover', () => placesOf(bench, growing));
        }
      },
    }),
    workload.then((api) => (inside = api)),
  ]);
  const late = await loadsAfter(bench, 'it was whole', () => placesOf(bench, growing));
  return { marks, seconds: secondsToWhole(marks), loads: [...(await early), ...late] };
}

/** CP-A; and of a claim the management side too, where our own Pods have something to do for it. */
async function placesOf({ world }: Bench, { claim, workload }: Growing): Promise<readonly Place[]> {
  const api = await workload;
  const first = { api, node: await firstControlPlaneNode(api) };
  return claim === undefined ? [first] : [first, { api: world.management.api, node: MANAGEMENT }];
}
