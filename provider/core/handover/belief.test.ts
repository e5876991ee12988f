import { describe, expect, it } from '@jest/globals';
import { clouds } from '../../../capi/clouds/index.ts';
import { aFullCluster, everyObject, objectsOf } from '../../../capi/testing/clusters.ts';
import type { CloudName } from '../../../capi/testing/claims.ts';
import { firstControlPlane } from '../../../capi/expansion.ts';
import type { KubeObject, OwnerReference } from '../../../lib/core/object.ts';
import { keyOf } from '../pivot/identity.ts';
import { believed } from './belief.ts';
import { desiredBy } from './desired.ts';
import { isSame, valueAt, withValueAt } from './fields.ts';
import { recordOf, withKnown, type HandoverRecord } from './record.ts';

const names = Object.keys(clouds) as readonly CloudName[];
const HANDOVER = {
  namespace: 'team-a',
  name: 'demo',
  composite: undefined,
  handover: 'pivot/2',
  epoch: 2,
};

function made(object: KubeObject, owners: readonly KubeObject[] = []): KubeObject {
  const metadata = { ...object.metadata, uid: keyOf(object), resourceVersion: '1', generation: 1 };
  return { ...object, metadata: { ...metadata, ownerReferences: owners.map(ownerOf) } };
}

function ownerOf({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '', controller: true };
}

/** A cluster of a cloud: as it was handed over, and with what agent and controllers have created since. */
function clusterOf(cloud: CloudName): {
  readonly record: HandoverRecord;
  readonly inside: readonly KubeObject[];
} {
  const input = aFullCluster(cloud);
  const [root, ...parts] = objectsOf(firstControlPlane(input));
  if (root === undefined) throw new Error('there is no Cluster');
  const cluster = made(root);
  const handedOver = [cluster, ...parts.map((part) => made(part, [cluster]))];
  const known = new Set(handedOver.map(keyOf));
  const since = everyObject(input)
    .filter((object) => !known.has(keyOf(object)))
    .map((object) => made(object, [cluster]));
  const deployment = since.find(({ kind }) => kind === 'MachineDeployment');
  const plan = {
    apiVersion: 'v1',
    kind: 'ClusterPlan',
    metadata: {},
    spec: { cluster: input.spec },
  };
  const record = withKnown(recordOf(HANDOVER, handedOver), desiredBy(plan, HANDOVER));
  const inside = [...handedOver, ...since, ...machinesOf(cloud, deployment, since)];
  return { record, inside };
}

function machinesOf(
  cloud: CloudName,
  deployment: KubeObject | undefined,
  since: readonly KubeObject[],
): readonly KubeObject[] {
  if (deployment === undefined) throw new Error('there is no MachineDeployment');
  const { apiVersion } = deployment;
  const { namespace } = deployment.metadata;
  const name = `${deployment.metadata.name}-abcde`;
  const set = made(
    { apiVersion, kind: 'MachineSet', metadata: { name, namespace: namespace ?? '' } },
    [deployment],
  );
  const metadata = { name: `${name}-x7k2p`, namespace: namespace ?? '' };
  const providerID = 'cloud:///zone-a/i-0123';
  const machine = made(
    { apiVersion, kind: 'Machine', metadata, spec: { clusterName: 'demo', providerID } },
    [set],
  );
  const { machineTemplate } = clouds[cloud];
  const template = since.find(({ kind }) => kind === machineTemplate.kind);
  const spec = {
    ...Object(template === undefined ? {} : valueAt(template, 'spec.template.spec')),
    providerID,
  };
  const kind = machineTemplate.kind.replace('Template', '');
  return [
    set,
    machine,
    made({ apiVersion: machineTemplate.apiVersion, kind, metadata, spec }, [machine]),
  ];
}

describe.each(names)('a cluster in %s', (cloud) => {
  it('comes back whole, with what its agent has created since, and nothing is overruled', () => {
    const { record, inside } = clusterOf(cloud);
    const belief = believed(inside, { record, claimed: new Set() });
    expect(belief.unexplained).toEqual([]);
    expect(belief.left).toEqual([]);
    expect(belief.overruled).toEqual([]);
    expect(belief.objects.map(keyOf).toSorted()).toEqual(inside.map(keyOf).toSorted());
    for (const object of belief.objects) {
      const real = inside.find((one) => keyOf(one) === keyOf(object));
      expect([keyOf(object), object['spec']]).toEqual([keyOf(object), real?.['spec']]);
    }
  });

  it('comes back with the recorded value of every field that decides where and as whom', () => {
    const { record, inside } = clusterOf(cloud);
    const { kind } = clouds[cloud].infrastructureCluster;
    const { pinned } = clouds[cloud].infrastructureKinds[kind] ?? { pinned: [] };
    expect(pinned).toContain('spec.controlPlaneEndpoint');
    for (const path of pinned) {
      const changed = inside.map((one) =>
        one.kind === kind ? withValueAt(one, path, { evil: true }) : one,
      );
      const { objects, overruled } = believed(changed, { record, claimed: new Set() });
      const [before, after] = [inside, objects].map((all) => all.find((one) => one.kind === kind));
      expect(overruled).toEqual([`${kind} demo: ${path}`]);
      expect(before && after && isSame(valueAt(before, path), valueAt(after, path))).toBe(true);
    }
  });

  it('names all kinds of its infrastructure', () => {
    const { infrastructureKinds, infrastructureCluster, machineTemplate } = clouds[cloud];
    const machine = machineTemplate.kind.replace('Template', '');
    expect(Object.keys(infrastructureKinds)).toEqual(
      expect.arrayContaining([infrastructureCluster.kind, machineTemplate.kind, machine]),
    );
  });
});
