import { describe, expect, it } from '@jest/globals';
import type { Cloud } from '../../../capi/cloud.ts';
import { clouds } from '../../../capi/clouds/index.ts';
import { aClaimSpec } from '../../../capi/testing/clusters.ts';
import { FULLEST, type CloudName } from '../../../capi/testing/claims.ts';
import { CLUSTER } from '../../../capi/kinds.ts';
import { mergePatch } from '../../../lib/core/merge-patch.ts';
import { type Json, type KubeObject, isRecord } from '../../../lib/core/object.ts';
import { contradictions, strangeObjects, takenMachines } from './adoption.ts';
import { desiredBy } from './desired.ts';
import { valueAt, withValueAt } from './fields.ts';

const NAMES: readonly CloudName[] = ['aws', 'docker', 'gcp', 'vsphere'];

/** What a claim asks for. */
function desired(cloud: CloudName, patch: Json = {}): readonly KubeObject[] {
  const full = mergePatch(aClaimSpec(cloud), FULLEST[cloud]);
  const spec = mergePatch(isRecord<Json>(full) ? full : {}, isRecord<Json>(patch) ? patch : {});
  const objects = desiredBy(
    { ...CLUSTER, metadata: {}, spec: { cluster: spec } },
    { namespace: 'team', name: 'demo' },
  );
  expect(objects.length).toBeGreaterThan(2);
  return objects;
}

/** An object of a living cluster: its template is in use, and its controller has filled in more of every object in it. */
function living(object: KubeObject): KubeObject {
  return { ...object, spec: filled(object['spec']) };
}

function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, filled(inner)] as const);
  return { ...Object.fromEntries(entries), filledIn: { byTheController: true } };
}

function isInfrastructure({ kind }: KubeObject): boolean {
  return kind.endsWith('Cluster') && kind !== 'Cluster';
}

describe.each(NAMES)('a cluster in %s that is adopted', (cloud) => {
  it('is what its claim asks for, whatever controllers have filled in', () => {
    const claim = desired(cloud);
    expect(contradictions(claim.map(living), claim)).toEqual([]);
  });

  it('consists of what this product makes, and of nothing of another cloud', () => {
    const own: Cloud = clouds[cloud];
    expect(strangeObjects(desired(cloud), own)).toEqual([]);
    const others = NAMES.filter((other) => other !== cloud).flatMap((other) =>
      desired(other).filter(isInfrastructure),
    );
    expect(strangeObjects(others, own)).toHaveLength(others.length);
  });
});

describe('a cluster that is not what its claim asks for', () => {
  it.each([
    { cloud: 'aws', path: 'spec.region' },
    { cloud: 'aws', path: 'spec.identityRef' },
    { cloud: 'gcp', path: 'spec.project' },
    { cloud: 'gcp', path: 'spec.credentialsRef' },
    { cloud: 'vsphere', path: 'spec.server' },
    { cloud: 'vsphere', path: 'spec.identityRef' },
  ] as const)('is found out by $path of $cloud', ({ cloud, path }) => {
    const claim = desired(cloud);
    const forged = claim.map((object) =>
      valueAt(object, path) === undefined ? object : withValueAt(object, path, 'evil'),
    );
    expect(contradictions(forged, claim).join()).toContain(path);
  });

  it('is found out by an identity that the claim does not name at all', () => {
    const claim = desired('aws', { cloud: { identityRef: null, workloadIdentityRef: null } });
    const forged = claim.map((object) =>
      object.kind === 'AWSCluster'
        ? withValueAt(object, 'spec.identityRef', { kind: 'AWSClusterControllerIdentity' })
        : object,
    );
    expect(contradictions(claim, claim)).toEqual([]);
    expect(contradictions(forged, claim)).toEqual(['AWSCluster demo: spec.identityRef']);
  });

  it('may have an old template with an earlier value, if no machine is made from it any more', () => {
    const claim = desired('aws');
    const template = claim.find(({ kind }) => kind === 'AWSMachineTemplate');
    const path = 'spec.template.spec.iamInstanceProfile';
    const old = withValueAt(template!, path, 'earlier');
    const unused = { ...old, metadata: { ...old.metadata, name: 'demo-old' } };
    expect(contradictions([...claim, unused], claim)).toEqual([]);
    const controlPlane = {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'KubeadmControlPlane',
      metadata: { name: 'demo-cp' },
      spec: { machineTemplate: { spec: { infrastructureRef: { name: 'demo-old' } } } },
    };
    expect(contradictions([...claim, unused, controlPlane], claim).join()).toContain(
      'AWSMachineTemplate demo-old',
    );
  });

  it('has nothing that would reach the clusters of others', () => {
    const kinds = [
      ['addons.cluster.x-k8s.io/v1beta2', 'ClusterResourceSet'],
      ['cluster.x-k8s.io/v1beta2', 'MachinePool'],
      ['infrastructure.cluster.x-k8s.io/v1beta1', 'UnknownMachine'],
      ['rbac.authorization.k8s.io/v1', 'Role'],
    ] as const;
    const objects = kinds.map(([apiVersion, kind]) => ({
      apiVersion,
      kind,
      metadata: { name: 'planted' },
    }));
    expect(strangeObjects(objects, clouds.aws)).toHaveLength(kinds.length);
  });
});

describe('takenMachines', () => {
  it('finds the machine of another cluster by the end of its providerID', () => {
    const machine = {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      metadata: { name: 'demo-0' },
      spec: { providerID: 'aws:///eu-west-1a/i-0AB' },
    };
    expect(takenMachines([machine], new Set(['i-0ab']))).toEqual(['Machine demo-0']);
    expect(takenMachines([machine], new Set(['i-0cd']))).toEqual([]);
  });
});
