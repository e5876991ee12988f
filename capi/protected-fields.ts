import { type Json, type JsonObject, isRecord } from '../lib/core/object.ts';
import {
  CLUSTER_API_PAUSED_ANNOTATION,
  CLUSTER_NAME_LABEL,
  CONTROL_PLANE_LABEL,
  DEPLOYMENT_NAME_LABEL,
  PREFIX,
} from './labels.ts';

type Path = readonly string[];

/** The fields that a patch can change, for every kind. */
const OPEN: readonly Path[] = [['spec'], ['metadata', 'labels'], ['metadata', 'annotations']];

/** Labels and annotations that define ownership; ours are matched by their prefix. */
const PROTECTED_KEYS: readonly string[] = [
  CLUSTER_NAME_LABEL,
  DEPLOYMENT_NAME_LABEL,
  CONTROL_PLANE_LABEL,
  CLUSTER_API_PAUSED_ANNOTATION,
  'cluster.x-k8s.io/managed-by',
];
const PROTECTED_PREFIXES = [PREFIX, `m.${PREFIX}`, 'crossplane.io/'];

/** Fields that contain a credential in clear text, in any object. */
const CREDENTIALS: readonly string[] = [
  'passwd',
  'password',
  'token',
  'bootstrapTokens',
  'tlsBootstrapToken',
  'rawKey',
  'rsaEncryptedKey',
];

/**
 * Fields of a KubeadmConfig that name a Secret, which Cluster API reads with its own rights and writes into a machine,
 * where the author of the claim is root: any Secret of the namespace could be read, such as the authority of another
 * cluster (docs/decisions/0024).
 */
const SECRET_SOURCES: readonly string[] = ['contentFrom', 'passwdFrom'];

/** Fields that are owned by the pivot, a provider or a field of the claim. */
const OWNED: Readonly<Record<string, readonly Path[]>> = {
  Cluster: [
    ['spec', 'controlPlaneRef'],
    ['spec', 'infrastructureRef'],
    ['spec', 'topology'],
  ],
  KubeadmControlPlane: [
    ['spec', 'replicas'],
    ['spec', 'version'],
    ['spec', 'machineTemplate', 'spec', 'infrastructureRef'],
    ['spec', 'kubeadmConfigSpec', 'clusterConfiguration', 'controlPlaneEndpoint'],
  ],
  MachineDeployment: [
    ['spec', 'replicas'],
    ['spec', 'clusterName'],
    ['spec', 'selector'],
    ['spec', 'template', 'metadata', 'labels', CLUSTER_NAME_LABEL],
    ['spec', 'template', 'spec', 'clusterName'],
    ['spec', 'template', 'spec', 'version'],
    ['spec', 'template', 'spec', 'bootstrap'],
    ['spec', 'template', 'spec', 'infrastructureRef'],
  ],
  MachineHealthCheck: [
    ['spec', 'clusterName'],
    ['spec', 'selector'],
  ],
};

/** Owned fields of all kinds. */
const OWNED_EVERYWHERE: readonly Path[] = [
  ['spec', 'paused'],
  ['spec', 'controlPlaneEndpoint'],
  ['spec', 'identityRef'],
  ['spec', 'credentialsRef'],
  // Which machine an object stands for, and where Cluster API logs in: an identity allows the server of the claim, not another one.
  ...['providerID', 'instanceID', 'server', 'thumbprint'].flatMap((field) => [
    ['spec', field],
    ['spec', 'template', 'spec', field],
  ]),
  ['metadata', 'labels', PREFIX],
  ['metadata', 'annotations', PREFIX],
];

/** touched returns the protected fields that a merge patch on an object of a kind would change. */
export function touched(kind: string, patch: JsonObject): readonly string[] {
  const owned = [...OWNED_EVERYWHERE, ...(OWNED[kind] ?? [])].filter((path) =>
    reaches(patch, path),
  );
  return [...new Set([...closed(patch), ...owned.map(written), ...keysIn(patch)])];
}

/** reaches reports whether a patch changes a path or replaces one of its parents. */
function reaches(patch: Json | undefined, [first, ...rest]: Path): boolean {
  if (patch === undefined) return false;
  if (first === undefined || !isRecord(patch)) return true;
  return reaches(patch[first], rest);
}

/** closed returns the fields of a patch that no patch can change. */
function closed(patch: JsonObject): readonly string[] {
  const paths = Object.entries(patch).flatMap(([key, value]): readonly Path[] =>
    key === 'metadata' && isRecord(value)
      ? Object.keys(value).map((field) => [key, field])
      : [[key]],
  );
  return paths.map(written).filter((path) => !OPEN.map(written).includes(path));
}

/** keysIn returns protected labels, annotations, credentials and sources of Secrets anywhere in a patch. */
function keysIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry: Json) => keysIn(entry));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    isProtectedKey(key) ? [key] : keysIn(below),
  );
}

function isProtectedKey(key: string): boolean {
  return (
    PROTECTED_KEYS.includes(key) ||
    CREDENTIALS.includes(key) ||
    SECRET_SOURCES.includes(key) ||
    PROTECTED_PREFIXES.some((prefix) => key.startsWith(prefix))
  );
}

function written(path: Path): string {
  return path.join('.');
}
