import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { beyondRestricted } from './pod-rights.ts';
import { strayDeployments, trustedCrds, trustedObjects, vouchOf } from './provider-trust.ts';

const CORE = 'cluster-api';
const RBAC = 'rbac.authorization.k8s.io/v1';

function an(
  kind: string,
  [name, namespace]: readonly [string, string?],
  body: Readonly<Record<string, unknown>> = {},
  provider = CORE,
): KubeObject {
  const labels = provider === '' ? {} : { 'cluster.x-k8s.io/provider': provider };
  const where = namespace === undefined ? {} : { namespace };
  return { apiVersion: 'v1', kind, metadata: { name, labels, ...where }, ...body };
}

function deployment(namespace: string, serviceAccountName = 'manager', provider = CORE) {
  const spec = { template: { spec: { serviceAccountName, containers: [] } } };
  return an('Deployment', ['controller', namespace], { spec }, provider);
}

function binding(name: string, role: string, namespace: string, account = 'manager'): KubeObject {
  return an('ClusterRoleBinding', [name], {
    apiVersion: RBAC,
    roleRef: { kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', namespace, name: account }],
  });
}

function webhooks(namespace: string): KubeObject {
  const clientConfig = { service: { namespace, name: 'webhook' } };
  return an('ValidatingWebhookConfiguration', [`of-${namespace}`], {
    webhooks: [{ clientConfig }],
  });
}

const SYSTEM = an('Namespace', ['capi-system']);
const INVENTORY = an('Provider', [CORE, 'capi-system']);
const GOOD = [
  SYSTEM,
  deployment('capi-system'),
  an('ServiceAccount', ['manager', 'capi-system']),
  binding('capi', 'aggregated', 'capi-system'),
  an('ClusterRole', ['aggregated'], {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { aggregate: 'yes' } }] },
  }),
  {
    ...an('ClusterRole', ['part']),
    metadata: { name: 'part', labels: { 'cluster.x-k8s.io/provider': CORE, aggregate: 'yes' } },
  },
  webhooks('capi-system'),
];

/** What a tenant with `edit` in a namespace can make, and what only the objects of a tenant would need. */
const EVIL = [
  deployment('tenant-b', 'default'),
  an('ConfigMap', ['settings', 'tenant-b']),
  an('Role', ['wide', 'tenant-b']),
  an('RoleBinding', ['wide', 'tenant-b']),
  an('Service', ['webhook', 'tenant-b']),
  an('Provider', [CORE, 'tenant-b']),
  binding('theirs', 'admin-like', 'tenant-b', 'default'),
  an('ClusterRole', ['admin-like']),
  webhooks('tenant-b'),
];

function namesOf(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
  );
}

describe('trustedObjects', () => {
  it.each([
    { reason: 'with clusterctl', inventory: [INVENTORY], named: [] },
    { reason: 'without', inventory: [], named: [] },
    { reason: 'with an inventory that a tenant wrote', inventory: [EVIL[5]], named: [] },
    { reason: 'with named namespaces', inventory: [], named: ['capi-system'] },
  ])('are those of labelled namespaces and what they use, $reason', ({ inventory, named }) => {
    const given = inventory.flatMap((object) => object ?? []);
    const vouch = vouchOf({ named, namespaces: [SYSTEM], inventory: given });
    expect(namesOf(trustedObjects([...EVIL, ...GOOD], vouch))).toEqual(namesOf(GOOD));
    expect(strayDeployments([...EVIL, ...GOOD], vouch)).toEqual([
      { name: 'tenant-b/controller', provider: CORE },
    ]);
  });

  it.each<{ reason: string; namespaces: readonly KubeObject[]; inventory: readonly KubeObject[] }>([
    { reason: 'no Namespace has the label', namespaces: [], inventory: [INVENTORY] },
    {
      reason: 'the Namespace is of another provider',
      namespaces: [an('Namespace', ['capi-system'], {}, 'infrastructure-aws')],
      inventory: [],
    },
    {
      reason: 'the inventory knows the provider elsewhere only',
      namespaces: [SYSTEM, an('Namespace', ['other'])],
      inventory: [an('Provider', [CORE, 'other'])],
    },
  ])('are none if $reason', ({ namespaces, inventory }) => {
    const vouch = vouchOf({ named: [], namespaces, inventory });
    expect(trustedObjects([deployment('capi-system')], vouch)).toEqual([]);
  });

  it('are only those of named namespaces, if there are any', () => {
    const vouch = vouchOf({ named: ['other'], namespaces: [SYSTEM], inventory: [INVENTORY] });
    expect(trustedObjects([...GOOD, deployment('other')], vouch)).toEqual([deployment('other')]);
  });
});

function crd(namespace?: string): KubeObject {
  const clientConfig = { service: { namespace, name: 'webhook' } };
  const conversion = namespace === undefined ? undefined : { webhook: { clientConfig } };
  return an('CustomResourceDefinition', [namespace ?? 'plain'], { spec: { conversion } });
}

describe('trustedCrds', () => {
  it('are not converted by somebody else', () => {
    const vouch = vouchOf({ named: [], namespaces: [SYSTEM], inventory: [] });
    const crds = [crd(), crd('capi-system'), crd('tenant-b')];
    expect(trustedCrds(crds, vouch)).toEqual([crd(), crd('capi-system')]);
  });
});

function asking(podSpec: Readonly<Record<string, unknown>>): readonly string[] {
  return beyondRestricted(an('Deployment', ['d', 'n'], { spec: { template: { spec: podSpec } } }));
}

describe('beyondRestricted', () => {
  it('is nothing for managers of Cluster API and of the clouds', () => {
    const securityContext = {
      allowPrivilegeEscalation: false,
      privileged: false,
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
      runAsUser: 65_532,
    };
    const container = { name: 'manager', securityContext, ports: [{ containerPort: 9440 }] };
    const volumes = [{ name: 'cert', secret: { secretName: 'cert' } }];
    expect(asking({ containers: [container, { name: 'plain' }], volumes })).toEqual([]);
  });

  it.each<{ podSpec: Readonly<Record<string, unknown>>; says: string }>([
    { podSpec: { hostPID: true }, says: 'hostPID' },
    { podSpec: { hostNetwork: true }, says: 'hostNetwork' },
    {
      podSpec: { volumes: [{ name: 'root', hostPath: { path: '/' } }] },
      says: 'volume root of type hostPath',
    },
    { podSpec: { securityContext: { runAsNonRoot: false } }, says: 'runAsNonRoot false' },
    { podSpec: { containers: [{ securityContext: { privileged: true } }] }, says: 'privileged' },
    {
      podSpec: { initContainers: [{ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] },
      says: 'capability SYS_ADMIN',
    },
    { podSpec: { containers: [{ ports: [{ hostPort: 22 }] }] }, says: 'hostPort' },
    { podSpec: { containers: [{ securityContext: { runAsUser: 0 } }] }, says: 'runAsUser 0' },
    {
      podSpec: { securityContext: { seccompProfile: { type: 'Unconfined' } } },
      says: 'seccompProfile',
    },
  ])('is $says', ({ podSpec, says }) => {
    expect(asking(podSpec)).toEqual([says]);
  });
});
