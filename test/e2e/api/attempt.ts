import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type JsonObject, type KubeObject, isRecord, type Json } from '../../../lib/core/object.ts';
import { mergePatch } from '../../../lib/core/merge-patch.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import type { Example } from './claims.ts';

/** Target is the kind, under its path in the API, that a claim is written as. */
export interface Target {
  readonly title: string;
  readonly type: Pick<KubeObject, 'apiVersion' | 'kind'>;
  readonly namespace: string;
}

const examples = new Map<Example, JsonObject>();

function exampleSpec(example: Example): JsonObject {
  const known = examples.get(example);
  if (known !== undefined) return known;
  const parsed: unknown = parse(readFileSync(`examples/${example}/claim.yaml`, 'utf8'));
  const spec = isRecord<Json>(parsed) ? parsed['spec'] : undefined;
  if (!isRecord<Json>(spec)) throw new Error(`examples/${example}/claim.yaml has no spec`);
  examples.set(example, spec);
  return spec;
}

/**
 * claim is the example with merge patches on its spec. It is paused, so that Crossplane leaves alone
 * what a test really creates.
 */
export function claim(
  target: Target,
  name: string,
  example: Example,
  ...changes: readonly JsonObject[]
): KubeObject {
  let spec: unknown = exampleSpec(example);
  for (const change of changes) spec = mergePatch(isRecord<Json>(spec) ? spec : {}, change);
  return {
    ...target.type,
    metadata: {
      name,
      namespace: target.namespace,
      annotations: { 'crossplane.io/paused': 'true' },
    },
    spec,
  };
}

/** attempt asks the API server to create a claim, strict and without doing it. */
export function attempt(api: KubeApi, object: KubeObject): Promise<unknown> {
  const { apiVersion, kind, metadata } = object;
  const path = `/apis/${apiVersion}/namespaces/${metadata.namespace ?? ''}/${kind.toLowerCase()}s`;
  return api.raw('POST', `${path}?dryRun=All&fieldValidation=Strict`, object);
}

/** attemptChange creates `before`, asks the API server to give it the spec of `after`, and removes it. */
export async function attemptChange(
  api: KubeApi,
  before: KubeObject,
  after: KubeObject,
): Promise<void> {
  const { apiVersion, kind, metadata } = await api.create(before);
  const { name = '', namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  try {
    const patch = [{ op: 'replace', path: '/spec', value: after['spec'] }];
    await api.patch(ref, patch, { dryRun: true });
  } finally {
    await api.delete(ref);
  }
}
