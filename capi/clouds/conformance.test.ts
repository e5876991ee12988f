import { describe, expect, it } from '@jest/globals';
import { isLabel } from '../../lib/core/names.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import type { ClusterInput } from '../cloud.ts';
import { firstControlPlane, scaledControlPlane } from '../expansion.ts';
import { nodePool } from '../node-pool.ts';
import { problems } from '../problems.ts';
import { aCluster, aFullCluster, everyObject, objectsOf } from '../testing/clusters.ts';
import type { CloudName } from '../testing/claims.ts';
import { clouds } from './index.ts';

const names = Object.keys(clouds) as readonly CloudName[];
const SECRET_FIELD = /(^|\.)(passwd|password|token|bootstrapTokens|secretAccessKey|credentials)$/i;
/** Where an empty value says something; anywhere else Cluster API refuses it. */
const LEGAL_EMPTIES = [
  /^metadata\.(labels|annotations)\./,
  /matchLabels\./,
  /^spec\.template\.metadata\.labels\./,
  /\.nodeRegistration\.taints$/,
  /\.sshKeyName$/,
  /\.backend\.(docker|inMemory)$/,
];

/** A new cloud is tested by being listed: here are the questions that every cloud is asked. */
describe.each(names)('%s', (name) => {
  const cloud = clouds[name];
  const claims = { smallest: aCluster(name), fullest: aFullCluster(name) };

  describe.each(Object.entries(claims))('%s claim', (_claim, input) => {
    const objects = everyObject(input);
    const first = firstControlPlane(input);

    it('has no problems', () => {
      expect(problems(input)).toEqual([]);
    });

    it('is four objects for one control plane machine', () => {
      expect(objectsOf(first).map(({ kind }) => kind)).toEqual([
        'Cluster',
        cloud.infrastructureCluster.kind,
        'KubeadmControlPlane',
        cloud.machineTemplate.kind,
      ]);
      expect(first.controlPlane).toHaveProperty('spec.replicas', 1);
      expect(scaledControlPlane(input).controlPlane).toHaveProperty(
        'spec.replicas',
        input.spec.controlPlane.replicas,
      );
    });

    it('names every object with a label, in the namespace and with the label of the cluster', () => {
      for (const { metadata, kind } of objects) {
        expect([kind, metadata.name]).toEqual([kind, expect.stringMatching(/^demo(-|$)/)]);
        expect(isLabel(metadata.name ?? '')).toBe(true);
        expect(metadata.namespace).toBe('team-a');
        expect(metadata.labels).toMatchObject({ 'cluster.x-k8s.io/cluster-name': 'demo' });
      }
    });

    it('puts the hold label on exactly the objects that must not be deleted separately', () => {
      const held = objects.filter(
        ({ metadata }) => 'managedcluster.io/hold' in (metadata.labels ?? {}),
      );

      expect(new Set(held.map(({ kind }) => kind))).toEqual(
        new Set(['Cluster', cloud.infrastructureCluster.kind, 'KubeadmControlPlane']),
      );
    });

    it('says nothing empty', () => {
      const empties = objects.flatMap((object) =>
        leaves(object)
          .filter(
            ([path, value]) => isEmpty(value) && !LEGAL_EMPTIES.some((legal) => legal.test(path)),
          )
          .map(([path]) => `${object.kind} ${path}`),
      );

      expect(empties).toEqual([]);
    });

    it('never pauses, and never sends an endpoint that the provider makes', () => {
      const paths = objects.flatMap((object) => leaves(object).map(([path]) => path));
      const { endpoint } = input.spec.controlPlane;

      expect(paths.filter((path) => path.endsWith('paused'))).toEqual([]);
      expect(first.cluster).not.toHaveProperty('spec.controlPlaneEndpoint');
      expect(first.infrastructureCluster).toHaveProperty('spec');
      expect(Object(first.infrastructureCluster['spec']).controlPlaneEndpoint).toEqual(endpoint);
    });

    it('refers by group, kind and name, to what is rendered', () => {
      const rendered = objects.map(({ apiVersion, kind, metadata }) => ({
        apiGroup: apiVersion.split('/')[0],
        kind,
        name: metadata.name,
      }));
      const references = objects.flatMap(referencesIn);

      expect(references.length).toBeGreaterThan(4);
      for (const reference of references) expect(rendered).toContainEqual(reference);
    });

    it('renders the same again, and from frozen input', () => {
      const frozen = deepFrozen(structuredClone(input));

      expect(JSON.stringify(everyObject(frozen))).toBe(JSON.stringify(objects));
    });

    it('carries no secret', () => {
      const found = objects
        .flatMap((object) => leaves(object))
        .filter(([path, value]) => SECRET_FIELD.test(path) || /PRIVATE KEY/.test(String(value)));

      expect(found).toEqual([]);
    });

    it('gives control plane and pools templates of their own', () => {
      const templates = [
        first.controlPlaneMachineTemplate,
        ...input.spec.nodePools.map((pool) => nodePool(input, pool)[0]),
      ];

      expect(new Set(templates.map((template) => template?.metadata.name)).size).toBe(
        templates.length,
      );
    });
  });

  it('makes a new template exactly when its content changes', () => {
    const input = aCluster(name);
    const other = {
      ...input,
      spec: { ...input.spec, kubernetes: { ...input.spec.kubernetes, version: 'v1.36.0' } },
    };

    expect(firstControlPlane(other).templateHash).toBe(firstControlPlane(input).templateHash);
    expect(firstControlPlane(withOtherMachine(input, name)).templateHash).not.toBe(
      firstControlPlane(input).templateHash,
    );
  });

  it('reads exactly the fields of the machine that it says', () => {
    const all = { type: 'x', cpus: 2, memoryMiB: 2048, diskGiB: 20, image: 'x' };
    const input = aCluster(name, { controlPlane: { machine: all } });
    const unread = Object.keys(all).filter(
      (field) => !cloud.machineFields.some((one) => one === field),
    );

    for (const field of unread) {
      expect(problems(input)).toContainEqual(
        expect.stringContaining(`controlPlane.machine.${field} is not used`),
      );
    }
    for (const field of cloud.machineFields) {
      expect(cloud.block.description).toContain(`machine.${field}`);
    }
  });

  it('knows what its identities need, when it has any', () => {
    const { identityRef } = aCluster(name).spec.cloud;
    const refs =
      identityRef === undefined ? [] : (cloud.credentials?.(identityRef, 'team-a') ?? []);

    expect(refs).toHaveLength(identityRef === undefined ? 0 : 1);
    for (const ref of refs) {
      expect(ref).toMatchObject({ apiVersion: expect.any(String), name: identityRef?.name });
      // A Secret beside the cluster; identity objects are cluster-scoped.
      expect(ref.namespace).toBe(ref.kind === 'Secret' ? 'team-a' : undefined);
    }
  });

  it('describes every field of its block', () => {
    expect(undescribed(cloud.block, 'cloud')).toEqual([]);
  });

  it('names itself and a field in the message of every rule over the spec', () => {
    for (const { rule, message = '' } of cloud.specRules) {
      expect(rule).toContain(`self.cloud.provider != '${name}'`);
      expect(message).toMatch(/controlPlane|nodePools|cloud\./);
      expect(message).toContain(name);
    }
  });

  it('takes names as long as they may be', () => {
    const input = { ...aCluster(name), name: 'c'.repeat(63) };

    for (const { metadata } of everyObject(input)) expect(isLabel(metadata.name ?? '')).toBe(true);
  });
});

function withOtherMachine(input: ClusterInput, name: CloudName): ClusterInput {
  const changes = {
    docker: { image: 'kindest/node:v1.36.0' },
    vsphere: { memoryMiB: 16384 },
    aws: { type: 'm6i.2xlarge' },
    gcp: { type: 'n2-standard-8' },
  };
  const controlPlane = {
    ...input.spec.controlPlane,
    machine: { ...input.spec.controlPlane.machine, ...changes[name] },
  };
  return { ...input, spec: { ...input.spec, controlPlane } };
}

/** All values that have nothing below them, with their paths. */
function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || isEmpty(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) =>
    leaves(below, path === '' ? key : `${path}.${key}`),
  );
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === null || value === undefined;
}

function referencesIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('apiGroup' in value && !String(value.apiGroup).startsWith('ipam.')) return [value];
  return Object.values(value).flatMap(referencesIn);
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const below of Object.values(value)) deepFrozen(below);
    Object.freeze(value);
  }
  return value;
}

function undescribed(schema: Schema, path: string): readonly string[] {
  const below = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [['[]', schema.items] as const]),
    ...(schema.additionalProperties === undefined
      ? []
      : [['{}', schema.additionalProperties] as const]),
  ];
  return [
    ...((schema.description ?? '') === '' ? [path] : []),
    ...below.flatMap(([name, one]) => undescribed(one, `${path}.${name}`)),
  ];
}
