import { expect } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, world } from '../../test/fake/scenes.ts';
import type { FakeWorld, Wrap } from '../../test/fake/world.ts';

/** handedOver is a world in which a cluster with one worker manages itself. */
export async function handedOver(): Promise<FakeWorld> {
  const w = await world(false, 1);
  await w.pivot();
  await w.run(done);
  return w;
}

/** takeBack takes the cluster back. A hostile object may stop the Pivot until a user says that it may stay there. */
export async function takeBack(w: FakeWorld, wrap: Wrap = (api) => api): Promise<KubeObject> {
  const before = names(w);
  await w.pivot({ direction: 'ToManagement' }, 'back');
  const stopped = await w.run(
    (pivot) => done(pivot) || conditionOf(pivot, 'Ready')?.reason === 'RecordMismatch',
    { name: 'back', wrap },
  );
  if (done(stopped)) return stopped;
  expect(names(w).filter((name) => !before.includes(name))).toEqual(['Pivot back']);
  await leaveUnexplained(w, stopped);
  return w.run(done, { name: 'back', wrap });
}

/** leaveUnexplained is what a user writes on a Pivot to leave behind what the record does not explain. */
export async function leaveUnexplained(w: FakeWorld, pivot: KubeObject): Promise<void> {
  const annotations = { 'managedcluster.io/leave-unexplained': 'true' };
  await w.management.patch(refOf(pivot), { metadata: { annotations } });
}

function names(w: FakeWorld): readonly string[] {
  return w.management.all(NAMESPACE).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** find returns an object on the management side. */
export function find(w: FakeWorld, kind: string, name: string): KubeObject | undefined {
  return w.management
    .all(NAMESPACE)
    .find((object) => object.kind === kind && object.metadata.name === name);
}

/** notedCreate is `create` of a server that notes kind and name of what it is asked for. */
export function notedCreate(api: KubeApi, asked: string[]): KubeApi['create'] {
  return (object, options) => {
    asked.push(`${object.kind} ${object.metadata.name}`);
    return api.create(object, options);
  };
}
