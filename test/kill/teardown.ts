import { MANAGED_CLUSTER, X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { applyCrds } from '../world/providers/install.ts';
import { waitFor } from '../world/wait.ts';
import type { Arena } from './arena.ts';
import {
  handOver,
  killingAt,
  NONE,
  type Disturbance,
  type Outcome,
  type Place,
} from './handover.ts';
import { killPoints, resetProxies, writesOf, type KillPoint, type Writes } from './kill-point.ts';
import { outcomeLine, places } from './matrix.ts';
import { accessName, type Product } from './product.ts';
import type { Random } from './random.ts';
import { inventory, type Subject } from './subject.ts';

/** Teardowns are clusters that manage themselves, taken back and removed while the provider is killed. */
export interface Teardowns {
  /** Writes of an undisturbed one. */
  readonly writes: Writes;
  readonly outcomes: readonly Outcome[];
}

/** As many are made at a time: it takes most of a minute, however many they are. */
const BATCH = 10;

const TIMEOUT_MS = 240_000;

/** teardowns kills at all points, or at as many as told; each costs a cluster. */
export async function teardowns(
  arena: Arena,
  product: Product,
  { random, count }: { readonly random: Random; readonly count: number | undefined },
): Promise<Teardowns> {
  const { api } = arena.sites.management;
  await applyCrds(api, [MANAGED_CLUSTER, X_MANAGED_CLUSTER].map(definition));
  await product.provider.restart(); // it finds the kinds now
  const [first] = await handedOver(arena, ['t-0']);
  if (first === undefined) throw new Error('there is no subject');
  const undisturbed = await tearDown(arena, first, NONE);
  arena.tell(outcomeLine(undisturbed, 0));
  const outcomes = [undisturbed];
  const writes = writesOf(arena.proxies);
  arena.tell(`teardown undisturbed: ${JSON.stringify(writes)} writes`);
  const all = killPoints(writes);
  const points = [...(count === undefined ? all : random.sample(all, count))];
  for (let batch = 0; points.length > 0 && !arena.expired(); batch += 1) {
    const now = points.splice(0, BATCH);
    const names = now.map((_point, index) => `t-${batch + 1}-${index}`);
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    const subjects = await handedOver(arena, names);
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    outcomes.push(...(await eachKilled(arena, product, pairs(subjects, now))));
  }
  return { writes, outcomes };
}

interface Pair {
  readonly place: Place;
  readonly point: KillPoint;
}

function pairs(subjects: readonly Place[], points: readonly KillPoint[]): readonly Pair[] {
  return subjects.flatMap((place, index) => {
    const point = points[index];
    return point === undefined ? [] : [{ place, point }];
  });
}

async function eachKilled(
  arena: Arena,
  product: Product,
  all: readonly Pair[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { place, point } of all) {
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const outcome = await tearDown(arena, place, killingAt(arena, product, point));
    arena.tell(outcomeLine(outcome, outcomes.length + 1));
    outcomes.push(outcome);
  }
  return outcomes;
}

/** New clusters that manage themselves, each with a composite that says so. */
async function handedOver(arena: Arena, names: readonly string[]): Promise<readonly Place[]> {
  const made = await places(
    arena,
    names.map((name): Subject => ({ name, workers: 0 })),
  );
  for (const place of made) {
    // oxlint-disable-next-line no-await-in-loop -- the proxies count for one at a time
    const { stuck } = await handOver(arena, place, NONE);
    if (stuck !== undefined) throw new Error(`cannot hand over ${place.subject.name}: ${stuck}`);
    // oxlint-disable-next-line no-await-in-loop -- see above
    await compose(arena, place);
  }
  return made;
}

function compositeRef({ subject: { name } }: Place) {
  return { ...MANAGED_CLUSTER, namespace: name, name };
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
  resetProxies(arena.proxies);
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

/** A kind as Crossplane makes one of our definitions, as far as a teardown needs it. */
function definition({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): KubeObject {
  const [group = '', version = ''] = apiVersion.split('/');
  const singular = kind.toLowerCase();
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: kind === X_MANAGED_CLUSTER.kind ? 'Cluster' : 'Namespaced',
      names: { kind, singular, plural: `${singular}s`, listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}
