import { isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import { ownershipOf } from '../../provider/core/pivot/ownership.ts';
import { WriteCount } from './write-count.ts';
import { NAMESPACE } from './cluster.ts';
import type { FakeApiServer } from './api-server.ts';
import { clusterIn, FakeWorld, type Wrap } from './world.ts';

/** world is a world in memory with a cluster. */
export async function world(composed = false, workers = 0): Promise<FakeWorld> {
  const made = new FakeWorld();
  await made.begin({ composed, workers });
  return made;
}

/** fenced is a world in memory in which the provider died right behind the fence. */
export async function fenced(): Promise<FakeWorld> {
  const made = await world(true, 0);
  await made.pivot();
  const count = new WriteCount({ at: 5, when: 'After' });
  await made.run(done, { wrap: count.wrap, isDead: () => count.dead });
  if (!clusterIn(made.management).some((cluster) => ownershipOf(cluster).paused)) {
    throw new Error('the fifth write of a pivot is not its fence');
  }
  return made;
}

/** done tells whether a Pivot has nothing left to do. */
export function done(pivot: KubeObject): boolean {
  return isTrue(pivot, 'Ready');
}

/** machines are the providerIDs of the Machines on a server. */
export function machines(server: FakeApiServer): readonly unknown[] {
  return server
    .all(NAMESPACE)
    .filter(({ kind }) => kind === 'Machine')
    .map((machine) => recordIn(machine, 'spec')?.['providerID']);
}

/** capi are the objects of Cluster API on a server. */
export function capi(server: FakeApiServer): readonly string[] {
  return server
    .all(NAMESPACE)
    .filter(({ apiVersion }) => apiVersion.includes('cluster.x-k8s.io'))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** diesActivating is a provider that dies as soon as it has activated the target. */
export function diesActivating(): Wrap {
  let dead = false;
  function alive<Result>(work: () => Promise<Result>): Promise<Result> {
    return dead ? Promise.reject(new UnreachableError('dead')) : work();
  }
  return (api, side) => ({
    ...deadApi,
    get: (ref) => alive(() => api.get(ref)),
    list: (type, options) => alive(() => api.list(type, options)),
    create: (object, options) => alive(() => api.create(object, options)),
    replace: (object, options) => alive(() => api.replace(object, options)),
    delete: (ref, options) => alive(() => api.delete(ref, options)),
    watch: (type, onEvent, options) => api.watch(type, onEvent, options),
    patch: (ref, patch, options) =>
      alive(async () => {
        const result = await api.patch(ref, patch, options);
        if (side === 'workload' && Array.isArray(patch)) dead = true;
        return result;
      }),
  });
}

function gone(): Promise<never> {
  return Promise.reject(new UnreachableError('no route'));
}

/** deadApi is an API server that nobody reaches. */
export const deadApi: KubeApi = {
  get: gone,
  list: gone,
  create: gone,
  replace: gone,
  apply: gone,
  patch: gone,
  delete: gone,
  watch: gone,
  raw: gone,
};

/** passedOn is an API server to be changed in parts: methods of a class are lost by a spread. */
export function passedOn(api: KubeApi): KubeApi {
  return {
    get: (ref) => api.get(ref),
    list: (type, options) => api.list(type, options),
    create: (object, options) => api.create(object, options),
    replace: (object, options) => api.replace(object, options),
    apply: (object, options) => api.apply(object, options),
    patch: (ref, patch, options) => api.patch(ref, patch, options),
    delete: (ref, options) => api.delete(ref, options),
    raw: (method, path, body) => api.raw(method, path, body),
    watch: (type, onEvent, options) => api.watch(type, onEvent, options),
  };
}
