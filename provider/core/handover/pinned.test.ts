import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { anObject } from '../../testing/objects.ts';
import { believed } from './belief.ts';
import { claimedFrom, withBorn } from './identities.ts';
import { recordOf, withKnown, type HandoverRecord } from './record.ts';

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io/v1beta2';
const LATE = '2026-02-01T00:00:00Z';
const EARLY = '2026-01-01T00:00:00Z';

function machine(name: string, providerID: string): KubeObject {
  return anObject('Machine', name, {
    owners: [{ uid: 'KubeadmControlPlane-demo-cp' }],
    spec: { clusterName: 'demo', providerID },
  });
}

const handedOver = [
  anObject('Cluster', 'demo', { spec: {} }),
  anObject('VSphereCluster', 'demo', {
    apiVersion: INFRASTRUCTURE,
    owners: [{ uid: 'Cluster-demo' }],
    spec: { server: 'vcenter.example.com', thumbprint: 'AA' },
  }),
  anObject('KubeadmControlPlane', 'demo-cp', {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    owners: [{ uid: 'Cluster-demo' }],
  }),
  machine('demo-cp-0', 'vsphere://0000'),
];

function recordFor(objects: readonly KubeObject[] = handedOver): HandoverRecord {
  const handover = {
    namespace: 'ns',
    name: 'demo',
    composite: undefined,
    handover: 'p/2',
    epoch: 2,
  };
  return recordOf(handover, objects);
}

describe('the providerID of a machine that was created inside', () => {
  it('belongs to the cluster in which it was read first', () => {
    const [early, late] = [EARLY, LATE].map((time) =>
      withBorn(recordFor(), [machine('demo-cp-1', 'vsphere://1111')], time),
    );
    expect(early && late && [...claimedFrom(early, [late])]).toEqual(['0000', 'demo-cp-0']);
    expect(early && late && [...claimedFrom(late, [early])]).toEqual([
      '0000',
      'demo-cp-0',
      '1111',
      'demo-cp-1',
    ]);
  });

  it('keeps the time of its first reading, and is forgotten with its machine', () => {
    const one = withBorn(recordFor(), [machine('demo-cp-1', 'vsphere://1111')], EARLY);
    expect(withBorn(one, [machine('demo-cp-1', 'vsphere://1111')], LATE).born).toEqual(one.born);
    expect(withBorn(one, handedOver, LATE).born).toEqual({});
  });

  it('that another cluster has claimed stops the machine', () => {
    const claimed = new Set(['vsphere://1111']);
    const source = [...handedOver, machine('demo-cp-1', 'vsphere://1111')];
    const { objects, unexplained } = believed(source, { record: recordFor(), claimed });
    expect(unexplained).toEqual([
      'Machine demo-cp-1 has the providerID, or the name, of a machine of another cluster',
    ]);
    expect(objects.map(({ metadata }) => metadata.name)).not.toContain('demo-cp-1');
  });
});

describe('a machine in another version of its kind', () => {
  const [old] = [machine('demo-cp-0', 'vsphere://0000')].map((one) => ({
    ...one,
    apiVersion: 'cluster.x-k8s.io/v1beta1',
  }));
  const source = [...handedOver.slice(0, -1), ...(old === undefined ? [] : [old])];

  it('stops the take-back, because its fields could have other paths', () => {
    const { objects, unexplained } = believed(source, { record: recordFor(), claimed: new Set() });
    expect(unexplained).toEqual([
      'Machine demo-cp-0 is not explained by the record of the handover',
    ]);
    expect(objects.map(({ kind }) => kind)).not.toContain('Machine');
  });

  it('comes back if it is the one that the management side stores', () => {
    const versions = new Set(['cluster.x-k8s.io/v1beta1']);
    const trust = { record: recordFor(), claimed: new Set<string>(), versions };
    expect(believed(source, trust).unexplained).toEqual([]);
  });
});

describe('the server of a virtual machine that was created inside', () => {
  function virtualMachine(server: string, biosUUID = '1111'): readonly KubeObject[] {
    const owners = [{ uid: 'Machine-demo-cp-1' }];
    return [
      machine('demo-cp-1', 'vsphere://1111'),
      anObject('VSphereMachine', 'demo-cp-1', {
        apiVersion: INFRASTRUCTURE,
        owners,
        spec: { providerID: 'vsphere://1111' },
      }),
      anObject('VSphereVM', 'demo-cp-1', {
        apiVersion: INFRASTRUCTURE,
        owners: [{ uid: 'VSphereMachine-demo-cp-1' }],
        spec: { server, thumbprint: 'BB', biosUUID, bootstrapRef: { kind: 'Secret', name: '' } },
      }),
    ];
  }

  /** The claim has asked for another thumbprint since the handover. */
  const cluster = { apiVersion: INFRASTRUCTURE, kind: 'VSphereCluster', metadata: {} };
  const record = withKnown(recordFor(), [{ ...cluster, spec: { thumbprint: 'BB' } }]);

  it.each([
    { reason: 'is that of the cluster', given: virtualMachine('vcenter.example.com'), want: 0 },
    { reason: 'is another one', given: virtualMachine('evil.example.com'), want: 1 },
    {
      reason: 'is right, but the identity is that of another machine',
      given: virtualMachine('vcenter.example.com', '9999'),
      want: 1,
    },
  ])('$reason', ({ given, want }) => {
    const { unexplained } = believed([...handedOver, ...given], { record, claimed: new Set() });
    expect(unexplained).toHaveLength(want);
  });
});
