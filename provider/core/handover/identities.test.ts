import { describe, expect, it } from '@jest/globals';
import type { KubeObject, OwnerReference } from '../../../lib/core/object.ts';
import { keyOf } from '../pivot/identity.ts';
import { believed, type Belief } from './belief.ts';
import { claimedFrom, withBorn } from './identities.ts';
import { recordOf, type HandoverRecord } from './record.ts';

const CORE = 'cluster.x-k8s.io/v1beta2';
const GROUP = 'infrastructure.cluster.x-k8s.io';
const VERSIONS = { AWS: 'v1beta2', GCP: 'v1beta1', VSphere: 'v1beta1' };
const HANDOVER = { namespace: 'a', composite: undefined, handover: 'pivot/2', epoch: 2 };

type Cloud = keyof typeof VERSIONS;
type Spec = Readonly<Record<string, unknown>>;

function made(
  [apiVersion, kind, name]: readonly [string, string, string],
  spec: Spec,
  owner?: KubeObject,
): KubeObject {
  const ownerReferences = owner === undefined ? [] : [referenceTo(owner)];
  const object = { apiVersion, kind, metadata: { name, namespace: 'a', ownerReferences }, spec };
  return { ...object, metadata: { ...object.metadata, uid: keyOf(object) } };
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '', controller: true };
}

interface Born {
  readonly cloud: Cloud;
  readonly machine?: Spec;
  readonly infrastructure?: Spec;
  /** The virtual machine of vSphere. */
  readonly vm?: Spec;
  readonly cluster?: string;
  readonly name?: string;
}

/** A cluster that was handed over without a machine, and one machine that was created inside. */
function scene({ cloud, cluster = 'demo', name = `${cluster}-md-abcde-x7k2p`, ...born }: Born): {
  readonly record: HandoverRecord;
  readonly inside: readonly KubeObject[];
} {
  const version = `${GROUP}/${VERSIONS[cloud]}`;
  const root = made([CORE, 'Cluster', cluster], {});
  const own = { clusterName: cluster };
  const pool = made([CORE, 'MachineDeployment', `${cluster}-md`], own, root);
  const set = made([CORE, 'MachineSet', `${cluster}-md-abcde`], own, pool);
  const infrastructureRef = { apiGroup: GROUP, kind: `${cloud}Machine`, name };
  const machine = made(
    [CORE, 'Machine', name],
    { ...own, infrastructureRef, ...born.machine },
    set,
  );
  const infra = made([version, `${cloud}Machine`, name], born.infrastructure ?? {}, machine);
  const vms = born.vm === undefined ? [] : [made([version, 'VSphereVM', name], born.vm, infra)];
  const record = recordOf({ ...HANDOVER, name: cluster }, [root]);
  return { record, inside: [root, pool, set, machine, infra, ...vms] };
}

function back(born: Born, claimed: readonly string[] = []): Belief {
  const { record, inside } = scene(born);
  return believed(inside, { record, claimed: new Set(claimed) });
}

const NAME = 'demo-md-abcde-x7k2p';
const AWS = { providerID: 'aws:///eu-west-1b/i-victim' };
const VSPHERE = { providerID: 'vsphere://4210ABCD-1' };

describe('a machine that was created inside', () => {
  it.each<{ what: string; born: Born; claimed: string }>([
    {
      what: 'the instance of another cluster, with another zone',
      born: { cloud: 'AWS', machine: AWS, infrastructure: { ...AWS, instanceID: 'i-victim' } },
      claimed: 'aws:///eu-west-1a/i-victim',
    },
    {
      what: 'the instance of another cluster, which only the infrastructure machine names',
      born: { cloud: 'AWS', infrastructure: { instanceID: 'i-victim' } },
      claimed: 'aws:///eu-west-1a/i-victim',
    },
    {
      what: 'a virtual machine of another cluster in upper case',
      born: { cloud: 'VSphere', machine: VSPHERE, infrastructure: VSPHERE },
      claimed: 'vsphere://4210abcd-1',
    },
    {
      what: 'the BIOS UUID of another cluster, without a providerID',
      born: { cloud: 'VSphere', vm: { biosUUID: '4210ABCD-1' } },
      claimed: 'vsphere://4210abcd-1',
    },
    {
      what: 'nothing, but has the name of an instance of another cluster',
      born: { cloud: 'GCP' },
      claimed: `gce://project/zone/${NAME}`,
    },
    {
      what: 'nothing, but has the name of a machine of another cluster',
      born: { cloud: 'VSphere', vm: {} },
      claimed: NAME,
    },
    {
      what: 'an ID without an end',
      born: { cloud: 'GCP', machine: { providerID: 'x'.repeat(100_000) } },
      claimed: '',
    },
  ])('does not come back if it names $what', ({ born, claimed }) => {
    const { objects, unexplained } = back(born, [claimed]);
    const last = born.vm === undefined ? `${born.cloud}Machine` : 'VSphereVM';
    expect(objects.map(({ kind }) => kind)).not.toContain(last);
    expect(unexplained).not.toEqual([]);
  });

  it('comes back while it has a BIOS UUID and no address yet, and so no providerID', () => {
    const { objects, unexplained } = back({ cloud: 'VSphere', vm: { biosUUID: '4210abcd-1' } });
    expect(unexplained).toEqual([]);
    expect(objects.map(({ kind }) => kind)).toContain('VSphereVM');
  });

  it('is not held, whatever the cluster says, because a hold would stop its deletion', () => {
    const { record, inside } = scene({ cloud: 'GCP' });
    const held = inside.map(({ metadata, ...object }) => ({
      ...object,
      metadata: { ...metadata, labels: { 'managedcluster.io/hold': '' } },
    }));
    const { objects } = believed(held, { record, claimed: new Set() });
    const still = objects.filter(
      ({ metadata }) => 'managedcluster.io/hold' in (metadata.labels ?? {}),
    );
    expect(still.map(({ kind }) => kind)).toEqual(['Cluster']);
  });

  it('keeps the labels that its owner gives it, for its Node, and no others', () => {
    const { record, inside } = scene({ cloud: 'GCP' });
    const given = { 'node-role.kubernetes.io/gpu': '', 'managedcluster.io/hold': '' };
    const labelled = inside.map(({ metadata, ...object }): KubeObject => {
      const labels = { ...given, 'example.com/other': '' };
      const template = { metadata: { labels: given } };
      if (object.kind === 'Machine') return { ...object, metadata: { ...metadata, labels } };
      if (object.kind !== 'MachineSet') return { ...object, metadata };
      return { ...object, metadata, spec: { ...Object(object['spec']), template } };
    });
    const { objects } = believed(labelled, { record, claimed: new Set() });
    expect(objects.find(({ kind }) => kind === 'Machine')?.metadata.labels).toEqual({
      'cluster.x-k8s.io/cluster-name': 'demo',
      'node-role.kubernetes.io/gpu': '',
    });
  });

  it('belongs by its name and its providerID to the cluster in which it was read first', () => {
    const victim = scene({
      cloud: 'GCP',
      cluster: 'demo-eu',
      machine: { providerID: 'gce://p/z/v' },
    });
    const known = withBorn(victim.record, victim.inside, '2026-01-01T00:00:00Z');
    const { record } = scene({ cloud: 'GCP' });
    expect([...claimedFrom(record, [known])]).toEqual(['demo-eu-md-abcde-x7k2p', 'v']);
    expect([...claimedFrom(known, [{ ...record, born: { v: '2026-01-02T00:00:00Z' } }])]).toEqual(
      [],
    );
  });
});
