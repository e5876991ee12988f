import { type Json, type JsonObject, isRecord } from '../lib/core/object.ts';

/**
 * Manifest is an object that is being made: a KubeObject all of whose fields are known to be JSON. A
 * type, not an interface, because only a type passes as {@link JsonObject}.
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

/** isManifest tells whether what came out of a patch is still an object as Kubernetes knows it. */
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
