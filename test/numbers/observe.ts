import { waitFor } from '@managed-cluster/toolchain';
import type { ClusterInput } from '../../capi/cloud.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import {
  isWhole,
  marked,
  NO_MARKS,
  PHASE_NAMES,
  type Marks,
  type PhaseName,
  type Sighting,
} from './phases.ts';
import { insideOf, viewOf } from './sight.ts';
import { sizesOf } from './subject.ts';

/** Observed says which cluster is looked at, and who is told. */
export interface Observed {
  readonly input: ClusterInput;
  /** Of a cluster that was claimed. */
  readonly claim?: ObjectRef;
  readonly management: KubeApi;
  /** Undefined until the cluster has an API server. */
  readonly inside: () => KubeApi | undefined;
  /** Seconds since the apply. */
  readonly seconds: () => number;
  readonly reached: (phase: PhaseName) => void;
}

/** A look costs a dozen requests; a whole cluster takes minutes. */
const INTERVAL_MS = 1000;

const PATIENCE_MS = 15 * 60_000;

/** observe looks each second until the cluster is whole; fails after a quarter of an hour with what is missing. */
export async function observe(observed: Observed): Promise<Marks> {
  const { input, seconds, claim, reached } = observed;
  const sizes = sizesOf(input);
  let marks = NO_MARKS;
  return waitFor({
    what: `${input.name} to be whole`,
    timeoutMs: PATIENCE_MS,
    intervalMs: INTERVAL_MS,
    look: async () => {
      const sighting = await sight(observed);
      const before = marks;
      marks = marked(before, sighting, { sizes, seconds: seconds() });
      for (const name of PHASE_NAMES) {
        if (name in marks.phases && !(name in before.phases)) reached(name);
      }
      if (isWhole(marks, claim !== undefined)) return marks;
      const missing = PHASE_NAMES.filter((name) => !(name in marks.phases));
      throw new Error(`not reached: ${missing.join(', ')}`);
    },
  });
}

async function sight({ management, inside, input, claim }: Observed): Promise<Sighting> {
  const api = inside();
  const [outside, within, told] = await Promise.all([
    viewOf(management, input),
    api && insideOf(api, input),
    claim && management.get(claim),
  ]);
  return { outside, inside: within, claim: told };
}
