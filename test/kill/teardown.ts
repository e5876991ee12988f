import { applyCrds } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { NAMESPACED_MANAGED_CLUSTER, X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { Arena } from './arena.ts';
import { definition } from './definition.ts';
import { handOver, killingAt, type Place } from './handover.ts';
import { killPoints, resetProxies, writesOf, type Writes } from './kill-point.ts';
import { places } from './matrix.ts';
import {
  isStruck,
  NONE,
  outcomeLine,
  type Disturbance,
  type Outcome,
  type Series,
} from './outcome.ts';
import { accessName, type Product } from './product.ts';
import type { Random } from './random.ts';
import { inPart, type Part } from './stages.ts';
import { inventory, type Subject } from './subject.ts';

/** Teardowns are clusters that manage themselves, taken back and removed while the provider is killed. */
export interface Teardowns extends Series {
  /** Writes of an undisturbed one. */
  readonly writes: Writes;
}

/** TeardownOptions say how many points are struck, and who is told of each. */
export interface TeardownOptions {
  readonly random: Random;
  /** Kill points; all when undefined. */
  readonly count: number | undefined;
  readonly part: Part;
  readonly take: (soFar: Teardowns) => void;
}

/** As many are made at a time, while those before are taken down: it takes most of a minute. */
const BATCH = 12;

const TIMEOUT_MS = 240_000;

/** teardowns kills at all points, or at as many as told; each costs a cluster. */
export async function teardowns(
  arena: Arena,
  product: Product,
  { random, count, part, take }: TeardownOptions,
): Promise<void> {
  const { api } = arena.sites.management;
  await applyCrds(api, [NAMESPACED_MANAGED_CLUSTER, X_MANAGED_CLUSTER].map(definition));
  await product.provider.restart(); // it finds the kinds now
  const outcomes: Outcome[] = [];
  const supply = createSupply(arena, {
    most: count === undefined ? Infinity : count + 1,
    stuck: (outcome) => outcomes.push(outcome),
  });
  const undisturbed = await tearDown(arena, await supply.next(), NONE);
  outcomes.push(undisturbed);
  const writes = writesOf(arena.proxies);
  arena.tell(outcomeLine(undisturbed, 0));
  arena.tell(`teardown undisturbed: ${JSON.stringify(writes)} writes`);
  const all = inPart(killPoints(writes), part);
  const points = [...(count === undefined ? all : random.sample(all, count))];
  const wanted = points.length;
  take({ writes, wanted, outcomes: [...outcomes] });
  for (const point of points) {
    if (arena.expired()) break;
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const outcome = await tearDown(arena, await supply.next(), killingAt(arena, product, point));
    arena.tell(outcomeLine(outcome, outcomes.length));
    outcomes.push(outcome);
    take({ writes, wanted, outcomes: [...outcomes] });
    if (!isStruck(outcome)) arena.tell(`fewer writes than ${point.write} this time`);
  }
  await supply.end();
}

/** Supply are clusters that manage themselves; the next batch grows while one is used. */
interface Supply {
  next(): Promise<Place>;
  end(): Promise<void>;
}

interface SupplyOptions {
  /** No more than so many are made. */
  readonly most: number;
  /** Told of one whose handover before did not end; it is left alone then. */
  readonly stuck: (outcome: Outcome) => void;
}

function createSupply(arena: Arena, { most, stuck }: SupplyOptions): Supply {
  const ready: Place[] = [];
  let batches = 0;
  let left = most;
  let growing = grow();
  function grow(): Promise<readonly Place[]> {
    batches += 1;
    const length = Math.min(BATCH, left);
    left -= length;
    const names = Array.from({ length }, (_none, index) => `t-${batches}-${index}`);
    const made = places(
      arena,
      names.map((name): Subject => ({ name, workers: 0 })),
    );
    made.catch(() => undefined); // whoever takes one of them is told
    return made;
  }
  return {
    async next() {
      if (ready.length === 0) {
        const grown = await growing;
        growing = grow();
        const ends = await Promise.all(grown.map((place) => selfManaged(arena, place)));
        ready.push(...grown.filter(({ lost }) => !lost));
        for (const end of ends) if (end.stuck !== undefined) stuck(end);
      }
      const place = ready.shift();
      if (place === undefined) throw new Error('there is no subject');
      return place;
    },
    async end() {
      await growing.catch(() => undefined);
    },
  };
}

/** Hands a new cluster over and gives it a composite that says so. */
async function selfManaged(arena: Arena, place: Place): Promise<Outcome> {
  const outcome = await handOver(arena, place, NONE);
  place.lost = outcome.stuck !== undefined;
  if (!place.lost) await compose(arena, place);
  return outcome;
}

function compositeRef({ subject: { name } }: Place) {
  return { ...NAMESPACED_MANAGED_CLUSTER, namespace: name, name };
}

/** What Crossplane and the function would have left. */
async function compose({ sites }: Arena, place: Place): Promise<void> {
  const { api } = sites.management;
  const { apiVersion, kind, namespace, name } = compositeRef(place);
  await api.create({
    apiVersion,
    kind,
    metadata: { namespace, name },
    spec: {
      cloud: { provider: 'docker' },
      agent: { kubeconfigSecretRef: { name: accessName(place.subject) } },
    },
  });
  const status = { committed: true };
  await api.patch(compositeRef(place), { status }, { subresource: 'status' });
  await waitFor({
    what: `the provider to hold ${name}`,
    timeoutMs: 60_000,
    look: async () => {
      const found = await api.get(compositeRef(place));
      return found?.metadata.finalizers?.includes(TEARDOWN_FINALIZER) === true ? true : undefined;
    },
  });
}

/** Deletes a composite while it is disturbed, waits until it is gone, and lets the oracle judge. */
async function tearDown(arena: Arena, place: Place, disturbance: Disturbance): Promise<Outcome> {
  const { api } = arena.sites.management;
  const { name } = place.subject;
  resetProxies(arena, place.subject);
  const end = disturbance.begin(async () => stepOf(await api.get(compositeRef(place))));
  const begin = performance.now();
  await api.delete(compositeRef(place), { propagationPolicy: 'Foreground' });
  const stuck = await gone(arena, place);
  const seconds = (performance.now() - begin) / 1000;
  const hit = await end();
  const outcome = {
    cluster: name,
    to: 'management',
    disturbance: disturbance.name,
    kind: disturbance.kind,
    ...hit,
  } as const;
  const findings = await findingsOf(arena, place, stuck === undefined);
  return stuck === undefined ? { ...outcome, seconds, findings } : { ...outcome, stuck, findings };
}

/** Undefined when it is gone, else why it is not. */
async function gone({ sites }: Arena, place: Place): Promise<string | undefined> {
  const { api } = sites.management;
  try {
    await waitFor({
      what: `${place.subject.name} to be gone`,
      timeoutMs: TIMEOUT_MS,
      intervalMs: 100,
      look: async () => ((await api.get(compositeRef(place))) === undefined ? true : undefined),
    });
    return undefined;
  } catch {
    return JSON.stringify(recordIn(await api.get(compositeRef(place)), 'status') ?? {});
  }
}

/** In a teardown the provider deletes what was made for the cluster; and nothing may be left of it. */
async function findingsOf(
  { sites, witness }: Arena,
  { subject }: Place,
  atRest: boolean,
): Promise<readonly string[]> {
  await witness.look();
  const found = witness
    .judge(subject.name, { atRest, mayDelete: ({ namespace }) => namespace === subject.name })
    .map(({ invariant, message }) => `${invariant}: ${message}`);
  if (!atRest) return found;
  const left = await Promise.all(
    [sites.management, sites.workload].map(({ api }) => inventory(api, subject)),
  );
  const names = left.flatMap(({ objects }) =>
    objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  );
  return names.length === 0 ? found : [...found, `I7: left behind: ${names.join(', ')}`];
}

function stepOf(composite: KubeObject | undefined): string {
  const phase = recordIn(composite, 'status')?.['phase'];
  return typeof phase === 'string' ? phase : '-';
}
