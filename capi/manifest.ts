import { type Json, type JsonObject, isRecord } from '../lib/core/object.ts';

/**
 * Manifest is an object under construction: a KubeObject with only JSON fields. It is a type, not an
 * interface, because only a type is assignable to {@link JsonObject}.
 */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: JsonObject;
};

/** isManifest reports whether the result of a patch is still a valid Kubernetes object. */
export function isManifest(value: Json): value is Manifest {
  if (!isRecord(value)) return false;
  const { apiVersion, kind, metadata, spec } = value;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    isRecord(spec) &&
    isRecord(metadata) &&
    typeof metadata['namespace'] === 'string' &&
    areTexts(metadata['labels']) &&
    areTexts(metadata['annotations'] ?? {})
  );
}

function areTexts(value: Json | undefined): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}
