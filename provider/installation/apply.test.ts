import { describe, expect, it } from '@jest/globals';
import { recordIn, type KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { crdOf } from '../../test/fake/cluster.ts';
import { untilEstablished } from './apply.ts';

/** A CRD, and an API server that establishes it when it hears of a change and its names are accepted. */
function interrupted(namesAccepted: 'True' | 'False') {
  const status = { conditions: [{ type: 'NamesAccepted', status: namesAccepted }] };
  let crd: KubeObject = { ...crdOf('bootstrap.cluster.x-k8s.io/v1beta2', 'KubeadmConfig'), status };
  const before = crd;
  const changes: unknown[] = [];
  const api: Pick<KubeApi, 'get' | 'patch'> = {
    get: () => Promise.resolve(crd),
    patch(_ref, patch) {
      changes.push(recordIn(patch, 'metadata')?.['annotations']);
      if (namesAccepted === 'True') {
        crd = { ...crd, status: { conditions: [{ type: 'Established', status: 'True' }] } };
      }
      return Promise.resolve(crd);
    },
  };
  return { api: api as KubeApi, crd: before, changes };
}

describe('untilEstablished', () => {
  it('triggers a CRD whose establishment was interrupted, and leaves nothing behind', async () => {
    const { api, crd, changes } = interrupted('True');
    expect(await untilEstablished(api, [crd])).toEqual([crd.metadata.name]);
    expect(changes).toEqual([
      { 'managedcluster.io/reconcile-trigger': '' },
      { 'managedcluster.io/reconcile-trigger': null },
    ]);
    expect(await untilEstablished(api, [crd])).toEqual([]);
  });

  it('leaves a CRD alone whose names are not accepted, because a change would not help it', async () => {
    const { api, crd, changes } = interrupted('False');
    expect(await untilEstablished(api, [crd])).toEqual([crd.metadata.name]);
    expect(changes).toEqual([]);
  });
});
