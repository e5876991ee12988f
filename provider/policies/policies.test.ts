import { afterEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { clientFromString } from '../../lib/kube/client.ts';
import { type ScriptedServer, scriptedServer } from '../../test/fake/scripted-server.ts';
import { installPolicies, missingPolicies, policyObjects } from './policies.ts';

const KINDS = {
  validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
  validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
};

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

/** An API server that stores policies and sets a default as a real one does. */
async function serving(objects: readonly KubeObject[]) {
  const held = new Map(objects.map((object) => [pathOf(object), stored(object)]));
  server = await scriptedServer(({ method, url, body }) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const resources = Object.entries(KINDS).map(([name, kind]) => ({ name, kind }));
    if (pathname.endsWith('/v1')) return { body: { resources } };
    if (method === 'GET' && pathname.endsWith('s')) {
      const selector = searchParams.get('labelSelector') ?? '';
      const items = [...held]
        .filter(([path]) => path.startsWith(`${pathname}/`))
        .map(([, object]) => object)
        .filter(({ metadata }) => selector in (metadata.labels ?? {}));
      return { body: { metadata: { resourceVersion: '1' }, items } };
    }
    if (method === 'GET') {
      const found = held.get(pathname);
      return found === undefined ? { code: 404, body: { kind: 'Status' } } : { body: found };
    }
    const next = stored(body as KubeObject);
    if (!searchParams.has('dryRun')) held.set(pathOf(next), next);
    return { body: next };
  });
  return { api: clientFromString(server.kubeconfig), held };
}

function stored(object: KubeObject): KubeObject {
  const spec = { matchPolicy: 'Equivalent', ...(object['spec'] as object) };
  return { ...object, metadata: { resourceVersion: '1', ...object.metadata }, spec };
}

function pathOf({ kind, metadata }: KubeObject): string {
  const plural = Object.entries(KINDS).find(([, name]) => name === kind)?.[0] ?? '';
  return `/apis/admissionregistration.k8s.io/v1/${plural}/${metadata.name ?? ''}`;
}

// The guard: it fails closed.
const SHIPPED = [...policyObjects('workload')].toSorted(
  (a, b) => Number(isGuard(b)) - Number(isGuard(a)),
);
const [FIRST] = SHIPPED;
if (FIRST === undefined) throw new Error('no policies are shipped');
const FIRST_NAME = `${FIRST.kind} ${FIRST.metadata.name ?? ''}`;

function isGuard({ metadata }: KubeObject): boolean {
  return metadata.name === 'guard.managedcluster.io';
}

function changed(spec: object): readonly KubeObject[] {
  const [first, ...others] = SHIPPED;
  return first ? [{ ...first, spec: { ...(first['spec'] as object), ...spec } }, ...others] : [];
}

describe('policies', () => {
  it.each(['management', 'workload'] as const)('come in pairs on the %s side', (side) => {
    const [policies, bindings] = Object.values(KINDS).map((wanted) =>
      policyObjects(side)
        .filter(({ kind }) => kind === wanted)
        .map(({ metadata }) => metadata.name),
    );
    expect(policies).toEqual(bindings);
    expect(policies?.length).toBeGreaterThan(1);
  });

  it.each<{ reason: string; there: readonly KubeObject[]; want: readonly string[] }>([
    { reason: 'all as shipped', there: SHIPPED, want: [] },
    { reason: 'one is not there', there: SHIPPED.slice(1), want: [FIRST_NAME] },
    {
      reason: 'one fails open',
      there: changed({ failurePolicy: 'Ignore' }),
      want: [FIRST_NAME],
    },
    {
      reason: 'one has a field more',
      there: changed({ auditAnnotations: [] }),
      want: [FIRST_NAME],
    },
    {
      reason: 'one has lost its label',
      there: [{ ...FIRST, metadata: { name: FIRST.metadata.name ?? '' } }, ...SHIPPED.slice(1)],
      want: [FIRST_NAME],
    },
  ])('$reason', async ({ there, want }) => {
    const { api, held } = await serving(there);
    expect(await missingPolicies(api, 'workload')).toEqual(want);
    expect([...held.values()]).toEqual(there.map(stored));
    expect(await installPolicies(api, 'workload')).toEqual(want);
    expect(await missingPolicies(api, 'workload')).toEqual([]);
    expect(await installPolicies(api, 'workload')).toEqual([]);
  });
});
