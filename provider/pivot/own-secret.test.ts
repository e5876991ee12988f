import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, world } from '../../test/fake/scenes.ts';
import type { FakeWorld } from '../../test/fake/world.ts';
import { find } from '../testing/taken-back.ts';

/** A login that the infrastructure provider has made its own, as CAPV does with the Secret of an identityRef. */
async function withLogin(): Promise<FakeWorld> {
  const w = await world(false, 1);
  const owner = find(w, 'DevCluster', 'demo');
  await w.management.create(login('b2xk', owner));
  await w.pivot();
  await w.run(done);
  expect(find(w, 'Secret', 'login')).toBeUndefined();
  return w;
}

function login(password: string, owner?: KubeObject): KubeObject {
  const { apiVersion = '', kind = '', metadata } = owner ?? {};
  const references = [{ apiVersion, kind, name: metadata?.name ?? '', uid: metadata?.uid ?? '' }];
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: 'login',
      namespace: NAMESPACE,
      ...(owner === undefined ? {} : { ownerReferences: references }),
    },
    data: { password },
  };
}

describe('a login that was created again on the management side since the handover', () => {
  it('stays as it is there, and does not stop the take-back', async () => {
    const w = await withLogin();
    const now = await w.management.create(login('bmV3'));
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const back = await w.run(
      (pivot) => done(pivot) || conditionOf(pivot, 'Ready')?.reason === 'ForeignObject',
      { name: 'back' },
    );
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(await w.management.get(refOf(now))).toMatchObject({ data: { password: 'bmV3' } });
  });

  it('comes back from the cluster if it was not', async () => {
    const w = await withLogin();
    await w.pivot({ direction: 'ToManagement' }, 'back');
    await w.run(done, { name: 'back' });
    expect(find(w, 'Secret', 'login')).toMatchObject({ data: { password: 'b2xk' } });
  });
});
