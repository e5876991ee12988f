import type { KubeObject } from '../../lib/core/object.ts';
import { patched } from './patch.ts';
import {
  scriptedServer,
  type ScriptedServer,
  type WireAnswer,
  type WireRequest,
} from './scripted-server.ts';

/** What is served, by path: plural, kind, and whether it has a namespace. */
const SERVED: Readonly<Record<string, readonly (readonly [string, string, boolean])[]>> = {
  '/apis/managedcluster.io/v1alpha1': [
    ['managedclusters', 'ManagedCluster', true],
    ['xmanagedclusters', 'XManagedCluster', false],
  ],
  '/apis/m.managedcluster.io/v1alpha1': [
    ['namespacedmanagedclusters', 'NamespacedManagedCluster', true],
    ['agentinstallations', 'AgentInstallation', true],
    ['clusterplans', 'ClusterPlan', true],
  ],
  '/apis/rbac.authorization.k8s.io/v1': [
    ['roles', 'Role', true],
    ['rolebindings', 'RoleBinding', true],
  ],
  '/apis/coordination.k8s.io/v1': [['leases', 'Lease', true]],
  '/apis/infrastructure.cluster.x-k8s.io/v1beta2': [
    ['awsclusterstaticidentities', 'AWSClusterStaticIdentity', false],
  ],
  '/api/v1': [
    ['serviceaccounts', 'ServiceAccount', true],
    ['secrets', 'Secret', true],
    ['configmaps', 'ConfigMap', true],
  ],
};

/** Management is a management side in memory that is asked over the wire. */
export interface Management {
  readonly server: ScriptedServer;
  /** By {@link pathOf}. */
  readonly objects: Map<string, KubeObject>;
  /** Method and path of each write, with its body. */
  writes(): readonly WireRequest[];
}

/** Rules are what a management side is besides its objects. */
export interface Rules {
  /** Whether the caller lacks the permission. */
  readonly forbids?: (method: string, path: string) => boolean;
  /** The code of the error that a request is answered with; undefined if there is none. */
  readonly fails?: (method: string, path: string) => number | undefined;
  /** What its controllers do before each answer. */
  readonly controllers?: (objects: Map<string, KubeObject>) => void;
}

/** pathOf is the path of an object. */
export function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const [plural = '', , namespaced] = SERVED[root]?.find(([, one]) => one === kind) ?? [];
  const scope = namespaced === true ? `/namespaces/${metadata.namespace}` : '';
  return `${root}${scope}/${plural}/${metadata.name}`;
}

/** managementServer starts a server with some objects, which keeps uids as preconditions as a real one does. */
export async function managementServer(
  there: readonly KubeObject[],
  { forbids = () => false, fails = () => undefined, controllers = () => undefined }: Rules = {},
): Promise<Management> {
  const objects = new Map(there.map((object) => [pathOf(object), object]));
  const server = await scriptedServer((request) => {
    controllers(objects);
    const path = request.url.replace(/\?.*$/, '');
    const kinds = SERVED[path];
    if (kinds !== undefined) {
      const resources = kinds.map(([name, kind, namespaced]) => ({ name, kind, namespaced }));
      return { body: { kind: 'APIResourceList', resources } };
    }
    if (forbids(request.method, path)) return status(403, 'Forbidden');
    const code = fails(request.method, path);
    if (code !== undefined) return status(code, 'Failed');
    return answer(objects, path, request);
  });
  return {
    server,
    objects,
    writes: () => server.requests.filter(({ method }) => method !== 'GET'),
  };
}

function status(code: number, reason: string): WireAnswer {
  return { code, body: { kind: 'Status', code, reason, message: `it is ${reason}` } };
}

function answer(
  objects: Map<string, KubeObject>,
  path: string,
  { method, url, body }: WireRequest,
): WireAnswer {
  const object = objects.get(path);
  if (object === undefined) {
    const inside = [...objects].filter(([at]) => at.startsWith(`${path}/`)).map(([, one]) => one);
    const items = inside.filter((one) => isSelected(one, url));
    const isList = /\/\w+s$/.test(path) && method === 'GET';
    return isList ? { body: { metadata: {}, items } } : status(404, 'NotFound');
  }
  if (method === 'GET') return { body: object };
  const { uid = object.metadata.uid } = preconditionIn(body);
  if (uid !== object.metadata.uid) return status(409, 'Conflict');
  if (method === 'DELETE') {
    objects.delete(path);
    return { body: { kind: 'Status', status: 'Success' } };
  }
  const manager = new URL(url, 'http://a').searchParams.get('fieldManager') ?? 'kubectl-default';
  const next = written(object, body, manager);
  objects.set(path, next);
  return { body: next };
}

/** Only selectors of the form `a=b,c=d`. */
function isSelected({ metadata: { labels = {} } }: KubeObject, url: string): boolean {
  const selector = new URL(url, 'http://a').searchParams.get('labelSelector') ?? '';
  return selector
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [label = '', value] = term.split('=');
      return labels[label] === value;
    });
}

function preconditionIn(body: unknown): { readonly uid?: string } {
  const { metadata, preconditions } = Object(body) as Record<string, { uid?: string } | undefined>;
  return preconditions ?? metadata ?? {};
}

/** managedFields only of the field that a revocation writes. */
function written(object: KubeObject, patch: unknown, manager: string): KubeObject {
  const next = patched(object, patch);
  const { generation = 1, managedFields = [] } = object.metadata;
  const others = managedFields.filter((entry) => entry.manager !== manager);
  const fieldsV1 = { 'f:spec': { 'f:revoked': {} } };
  const owns = Object(next['spec'])['revoked'] === true;
  return {
    ...next,
    metadata: {
      ...next.metadata,
      generation: generation + 1,
      managedFields: owns ? [...others, { manager, operation: 'Update', fieldsV1 }] : others,
    },
  };
}
