import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { clouds } from '../capi/clouds/index.ts';
import type { Cloud } from '../capi/cloud.ts';
import { type KubeObject, isRecord } from '../lib/core/object.ts';
import { objectsIn } from '../lib/program/manifests.ts';
import { managementIdentity } from '../provider/core/installation/management-identity.ts';
import { agentGrants } from './generator/permissions.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

const PAGE = readFileSync('docs/permissions.md', 'utf8');
const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const SHIPPED = objectsIn('package/rbac');

function rulesIn(role: KubeObject): readonly Rule[] {
  const { rules } = role;
  return Array.isArray(rules) ? (rules as readonly Rule[]) : [];
}

function roles(name: string): readonly KubeObject[] {
  return SHIPPED.filter(({ kind, metadata }) => kind.endsWith('Role') && metadata.name === name);
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** The rule as a row of the page has it. */
function rowOf({ apiGroups = [], resourceNames, verbs, ...rest }: Rule): readonly string[] {
  const only = resourceNames === undefined ? '' : `; only ${codes(resourceNames)}`;
  const groups = apiGroups.map((group) => (group === '' ? 'core' : group));
  const what = rest.resources ?? rest.nonResourceURLs ?? [];
  return [codes(groups), `${codes(what)}${only}`, verbs.join(', ')];
}

const PROVIDER = roles('managed-cluster:provider');
const EVERYWHERE = PROVIDER.filter(({ kind }) => kind === 'ClusterRole').flatMap(rulesIn);

function touching(rules: readonly Rule[], resource: string): readonly Rule[] {
  return rules.filter(({ resources }) => resources?.includes(resource));
}

const READ = ['get', 'list', 'watch'];

describe('docs/permissions.md', () => {
  const shipped = SHIPPED.filter(({ kind }) => kind.endsWith('Role')).flatMap((role) =>
    rulesIn(role).map((rule) => ({ role: role.metadata.name ?? '', rule })),
  );

  it('is about all that is shipped', () => {
    expect(shipped.length).toBeGreaterThan(30);
  });

  it.each(shipped)('says why $role has $rule.verbs of $rule.resources', ({ rule }) => {
    const row = ROWS.find((cells) => rowOf(rule).every((cell, at) => cells[at + 1] === cell));
    expect(row?.[4] ?? '').toMatch(/\w+\W+\w+\W+\w+/);
  });

  it('says why an agent has each of its permissions', () => {
    const given = managementIdentity({ namespace: 'team', name: 'demo' }, ['a']).flatMap(rulesIn);
    const { home, cluster } = agentGrants();
    const said = [...home, ...cluster];
    expect(said.map(({ resources }) => resources)).toEqual(given.map(({ resources }) => resources));
    for (const { why } of said) expect(why).toMatch(/\w+\W+\w+\W+\w+/);
  });
});

describe('the provider', () => {
  it('writes named kinds only, and has no verb that makes it more than it is', () => {
    expect(EVERYWHERE.length).toBeGreaterThan(10);
    for (const { verbs } of touching(EVERYWHERE, '*')) expect(verbs).toEqual(READ);
    for (const { verbs } of EVERYWHERE) {
      for (const verb of ['*', 'escalate', 'bind', 'impersonate', 'deletecollection']) {
        expect(verbs).not.toContain(verb);
      }
    }
    for (const resource of ['pods', 'pods/exec', 'nodes', 'clusterroles', 'clusterrolebindings']) {
      for (const { verbs } of touching(EVERYWHERE, resource)) expect(verbs).toEqual(READ);
    }
  });

  it('issues tokens and writes ServiceAccounts and Leases in one namespace only', () => {
    expect(touching(EVERYWHERE, 'serviceaccounts/token')).toEqual([]);
    expect(touching(EVERYWHERE, 'leases')).toEqual([]);
    expect(touching(EVERYWHERE, 'serviceaccounts').flatMap(({ verbs }) => verbs)).toEqual(READ);
    const issuing = PROVIDER.filter(
      (role) => touching(rulesIn(role), 'serviceaccounts/token').length > 0,
    );
    expect(issuing.map(({ metadata }) => metadata.namespace)).toEqual(['managed-cluster-agents']);
  });

  it('writes its own policies only, and not the one that limits it', () => {
    const writing = touching(EVERYWHERE, 'validatingadmissionpolicies').filter(({ verbs }) =>
      verbs.some((verb) => !READ.includes(verb)),
    );
    const own = objectsIn('package/policies/management').map(({ metadata }) => metadata.name ?? '');
    expect(writing).toHaveLength(1);
    expect(writing[0]?.resourceNames?.toSorted()).toEqual([...new Set(own)].toSorted());
    const [limit] = objectsIn('package/policies/provider');
    expect(own).not.toContain(limit?.metadata.name);
  });

  it('cannot make a token by a Secret, nor write what the system trusts', () => {
    const [policy] = objectsIn('package/policies/provider');
    const spec = JSON.stringify(policy?.['spec']);
    for (const { resources } of touching(EVERYWHERE, 'secrets')) {
      for (const resource of resources ?? []) expect(spec).toContain(`"${resource}"`);
    }
    expect(spec).toContain('kubernetes.io/service-account-token');
    expect(spec).toContain("startsWith('kube-')");
  });

  it('may write the kinds of every cloud, with their status', () => {
    const all: readonly Cloud[] = Object.values(clouds);
    for (const { infrastructureCluster, machineTemplate } of all) {
      for (const { kind } of [infrastructureCluster, machineTemplate]) {
        const [rule] = touching(EVERYWHERE, `${kind.toLowerCase()}s`);
        expect(rule?.verbs).toEqual(['create', 'update', 'patch', 'delete']);
        expect(rule?.resources).toContain(`${kind.toLowerCase()}s/status`);
      }
    }
  });

  it('asks who reads its metrics and whether they may, and can do no more with reviews', () => {
    const reviews = ['authentication.k8s.io', 'authorization.k8s.io'].flatMap((group) =>
      EVERYWHERE.filter(({ apiGroups }) => apiGroups?.includes(group)),
    );
    expect(reviews.map(({ resources, verbs }) => [resources, verbs])).toEqual([
      [['tokenreviews'], ['create']],
      [['subjectaccessreviews'], ['create']],
    ]);
  });

  it('is let through by the policy that limits it with the Roles of an agent', () => {
    const [policy] = objectsIn('package/policies/provider');
    const text = JSON.stringify(policy);
    for (const object of managementIdentity({ namespace: 'team', name: 'demo' }, ['a'])) {
      if (!object.kind.startsWith('Role')) continue;
      expect(object.metadata.name).toMatch(/^managed-cluster-agent-/);
      expect(text).toContain("startsWith('managed-cluster-agent-')");
      for (const { resources } of rulesIn(object)) expect(text).toContain(`'${resources?.join()}'`);
    }
  });
});

it('a role of Kubernetes that includes a role of ours lets nobody write anything', () => {
  const included = SHIPPED.filter(({ metadata }) =>
    Object.keys(metadata.labels ?? {}).some((label) =>
      label.startsWith('rbac.authorization.k8s.io/aggregate-to-'),
    ),
  );
  expect(included.map(({ metadata }) => metadata.name)).toEqual(['managed-cluster:view']);
  const verbs = included.flatMap(rulesIn).flatMap((rule) => rule.verbs);
  expect([...new Set(verbs)]).toEqual(['get', 'list', 'watch']);
});

it('whoever reads metrics may do nothing else', () => {
  expect(roles('managed-cluster:metrics-reader').map(rulesIn)).toEqual([
    [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }],
  ]);
});

it('the chart has the same permissions', () => {
  const files = objectsIn('package/chart/files').filter(({ kind }) => kind.endsWith('Role'));
  const rules = [files, SHIPPED.filter(({ kind }) => kind.endsWith('Role'))].map((all) =>
    all
      .filter(isRecord)
      .map((role) => JSON.stringify([role['kind'], role['metadata'], role['rules']]))
      .toSorted(),
  );
  expect(rules[0]).toEqual(rules[1]);
});
