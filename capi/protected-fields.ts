import { type Json, type JsonObject, isRecord } from '../lib/core/object.ts';
import {
  CLUSTER_API_PAUSED_ANNOTATION,
  CLUSTER_NAME_LABEL,
  CONTROL_PLANE_LABEL,
  DEPLOYMENT_NAME_LABEL,
  PREFIX,
} from './labels.ts';

type Path = readonly string[];

/** What a patch may reach at all, for every kind. */
const OPEN: readonly Path[] = [['spec'], ['metadata', 'labels'], ['metadata', 'annotations']];

/** Labels and annotations that say what belongs to whom; ours are known by their prefix. */
const PROTECTED_KEYS: readonly string[] = [
  CLUSTER_NAME_LABEL,
  DEPLOYMENT_NAME_LABEL,
  CONTROL_PLANE_LABEL,
  CLUSTER_API_PAUSED_ANNOTATION,
  'cluster.x-k8s.io/managed-by',
];
const PROTECTED_PREFIXES = [PREFIX, `m.${PREFIX}`, 'crossplane.io/'];

/** Fields that hold a credential in clear text, whatever object they are in. */
const CREDENTIALS: readonly string[] = [
  'passwd',
  'password',
  'token',
  'bootstrapTokens',
  'tlsBootstrapToken',
  'rawKey',
  'rsaEncryptedKey',
];

/** Fields that have an owner: the pivot, a provider, a field of the claim. */
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

/** Owned in whatever kind has them. */
const OWNED_EVERYWHERE: readonly Path[] = [
  ['spec', 'paused'],
  ['spec', 'controlPlaneEndpoint'],
  ['spec', 'identityRef'],
  ['spec', 'credentialsRef'],
  ['metadata', 'labels', PREFIX],
  ['metadata', 'annotations', PREFIX],
];

/** touched are the protected fields that a merge patch on an object of a kind would change. */
export function touched(kind: string, patch: JsonObject): readonly string[] {
  const owned = [...OWNED_EVERYWHERE, ...(OWNED[kind] ?? [])].filter((path) =>
    reaches(patch, path),
  );
  return [...new Set([...closed(patch), ...owned.map(written), ...keysIn(patch)])];
}

/** reaches tells whether a patch changes a path: it goes there, or replaces something above it. */
function reaches(patch: Json | undefined, [first, ...rest]: Path): boolean {
  if (patch === undefined) return false;
  if (first === undefined || !isRecord(patch)) return true;
  return reaches(patch[first], rest);
}

/** closed are the fields in a patch that are not open to any. */
function closed(patch: JsonObject): readonly string[] {
  const paths = Object.entries(patch).flatMap(([key, value]): readonly Path[] =>
    key === 'metadata' && isRecord(value)
      ? Object.keys(value).map((field) => [key, field])
      : [[key]],
  );
  return paths.map(written).filter((path) => !OPEN.map(written).includes(path));
}

/** keysIn are protected labels, annotations and credentials anywhere in a patch. */
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
    PROTECTED_PREFIXES.some((prefix) => key.startsWith(prefix))
  );
}

function written(path: Path): string {
  return path.join('.');
}
