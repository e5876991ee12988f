import { describe, expect, it } from '@jest/globals';
import { type AgentCluster, identityRefs } from '../../../lib/apis/agent.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { agentNamespace, agentObjects } from './agent-objects.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { type Fields, listIn, podSpecOf } from './json.ts';
import { managementIdentity } from './management-identity.ts';

const TARGET = { namespace: 'team-a', name: 'demo' };

function rulesOf(objects: readonly KubeObject[], kind: string): readonly Fields[] {
  return objects.filter((object) => object.kind === kind).flatMap((role) => listIn(role, 'rules'));
}

describe('managementIdentity', () => {
  it('limits every rule by resourceNames, none of which is empty', () => {
    for (const secrets of [[], ['a', 'b']]) {
      const rules = rulesOf(managementIdentity(TARGET, secrets), 'Role');

      expect(rules).toHaveLength(secrets.length === 0 ? 4 : 5);
      for (const rule of rules) {
        expect(rule['resourceNames']).toEqual(expect.arrayContaining([expect.any(String)]));
        expect(JSON.stringify(rule)).not.toContain('*');
      }
    }
  });

  it('may renew a Lease but not create one, and read the Secrets but not list them', () => {
    const rules = rulesOf(managementIdentity(TARGET, ['a']), 'Role');
    const verbs = Object.fromEntries(
      rules.map((rule) => [String(rule['resources']), rule['verbs']]),
    );

    expect(verbs).toEqual({
      clusterplans: ['get', 'list', 'watch'],
      'clusterplans/status': ['get', 'patch', 'update'],
      leases: ['get', 'update', 'patch'],
      'serviceaccounts/token': ['create'],
      secrets: ['get'],
    });
  });

  it('keeps token and Lease out of the namespace of the cluster, and what the agent reads in it', () => {
    const objects = managementIdentity({ ...TARGET, composite: 'uid-1' }, ['a']);
    const where = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`);
    expect(where).toEqual([
      'ServiceAccount managed-cluster-agents',
      'Role managed-cluster-agents',
      'RoleBinding managed-cluster-agents',
      'Role team-a',
      'RoleBinding team-a',
      'Lease managed-cluster-agents',
    ]);
    const inside = rulesOf(
      objects.filter(({ metadata }) => metadata.namespace === TARGET.namespace),
      'Role',
    );
    expect(inside.map((rule) => String(rule['resources']))).toEqual([
      'clusterplans',
      'clusterplans/status',
      'secrets',
    ]);
  });

  it('has a name by the uid of the composite, which no other cluster has, and a stamp', () => {
    const clusters: readonly AgentCluster[] = [
      { ...TARGET, composite: 'uid-1' },
      { ...TARGET, composite: 'uid-2' },
      TARGET,
      { ...TARGET, namespace: 'team-b' },
    ];
    const names = clusters.map((cluster) => {
      const all = managementIdentity(cluster, []);
      const stamp = cluster.composite ?? `${cluster.namespace}/${cluster.name}`;
      for (const { metadata } of all) {
        expect(metadata.annotations).toMatchObject({ 'managedcluster.io/composite-uid': stamp });
      }
      const [name, ...others] = new Set(all.map(({ metadata }) => metadata.name));
      expect(others).toEqual([]);
      return name;
    });

    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^managed-cluster-agent-[0-9a-f]{16}$/);
  });

  it('consists of exactly what a revocation looks for', () => {
    const cluster = { ...TARGET, composite: 'uid-1' };
    const made = managementIdentity(cluster, ['a']).map(refOf);
    expect(new Set(identityRefs(cluster))).toEqual(new Set(made));
    expect(made).toHaveLength(identityRefs(cluster).length);
  });
});

describe('agentObjects', () => {
  const objects = agentObjects('demo', { image: 'ghcr.io/a/agent:v1', mirror: 'mirror' });
  const deployment = objects.find(({ kind }) => kind === 'Deployment');

  it('lets the agent access Secrets, tokens and RBAC only by name', () => {
    const rules = [...rulesOf(objects, 'ClusterRole'), ...rulesOf(objects, 'Role')];
    const resources = rules.map((rule) => String(rule['resources']));

    expect(resources).not.toContain('serviceaccounts/token');
    const byName = rules.filter((rule) =>
      ['secrets', 'serviceaccounts'].includes(String(rule['resources'])),
    );

    expect(byName.map((rule) => rule['resourceNames'])).toEqual([
      ['demo-kubeconfig'],
      ['managed-cluster-agent-bootstrap'],
      ['managed-cluster-layers'],
    ]);
    for (const rule of rules) {
      expect(rule['verbs']).not.toContain('*');
      expect(rule['apiGroups']).not.toContain('*');
      expect(rule['apiGroups']).not.toContain('rbac.authorization.k8s.io');
    }
  });

  it('grants cluster-admin only to the identity that applies layers', () => {
    const admins = objects.filter(({ roleRef }) =>
      JSON.stringify(roleRef)?.includes('cluster-admin'),
    );

    expect(admins.map((binding) => binding['subjects'])).toEqual([
      [
        {
          kind: 'ServiceAccount',
          name: 'managed-cluster-layers',
          namespace: 'managed-cluster-system',
        },
      ],
    ]);
  });

  it('runs on a new node, without permissions on it', () => {
    const podSpec = podSpecOf(deployment ?? agentNamespace());
    const [container] = listIn(podSpec, 'containers');

    expect(podSpec).toMatchObject({
      hostNetwork: true,
      priorityClassName: 'system-cluster-critical',
      securityContext: { runAsNonRoot: true },
    });
    expect(container).toMatchObject({
      image: 'mirror/a/agent:v1',
      securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      resources: { requests: expect.anything(), limits: expect.anything() },
    });
    expect(listIn(podSpec, 'tolerations').map(({ key }) => key)).toEqual([
      'node-role.kubernetes.io/control-plane',
      'node.kubernetes.io/not-ready',
      'node.cloudprovider.kubernetes.io/uninitialized',
      'node.kubernetes.io/network-unavailable',
    ]);
  });

  it('lives in a namespace that allows the host network', () => {
    expect(agentNamespace().metadata.labels).toHaveProperty(
      ['pod-security.kubernetes.io/enforce'],
      'privileged',
    );
    expect(recordIn(deployment, 'spec')).toMatchObject({ replicas: 1 });
  });
});
