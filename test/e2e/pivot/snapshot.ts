import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { type KubeObject, isRecord } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { moveTypes } from '../../../provider/core/pivot/move-types.ts';
import { listAll } from '../../../provider/pivot/objects.ts';

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** Everything in a namespace that a pivot could touch, status too; what every namespace has is left out. */
export async function everything(api: KubeApi, namespace: string): Promise<readonly KubeObject[]> {
  const types = moveTypes((await api.list(CRD)).items);
  const all = await listAll(api, types, namespace);
  return all.filter(
    ({ kind, metadata }) => kind !== 'ConfigMap' || metadata.name !== 'kube-root-ca.crt',
  );
}

/**
 * differences are the paths at which two states differ, but for what the server counts, the annotations that
 * say who owns the cluster, and when a controller last said that it stood still or went on.
 */
export function differences(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): readonly string[] {
  const [a, b] = [before, after].map((objects) => Object.fromEntries(objects.map(comparable)));
  return difference('', a, b);
}

function comparable(object: KubeObject): readonly [string, unknown] {
  const { kind, metadata } = object;
  const {
    resourceVersion: _version,
    generation: _generation,
    managedFields: _fields,
    ...kept
  } = metadata;
  const annotations = { ...kept.annotations };
  delete annotations[OWNER_ANNOTATION];
  delete annotations[EPOCH_ANNOTATION];
  const content = { ...object, metadata: { ...kept, annotations } };
  return [`${kind}/${metadata.name}`, JSON.parse(JSON.stringify(content, uncounted))];
}

function uncounted(key: string, value: unknown): unknown {
  if (key === 'observedGeneration') return undefined;
  if (!isRecord(value) || value['type'] !== 'Paused') return value;
  const { lastTransitionTime: _time, ...condition } = value;
  return condition;
}

function difference(path: string, a: unknown, b: unknown): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isTree(a) || !isTree(b))
    return [`${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => difference(`${path}.${key}`, a[key], b[key]));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
