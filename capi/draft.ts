import { isJsonObject } from '../lib/core/merge-patch.ts';
import type { Json, JsonObject } from '../lib/core/object.ts';

/**
 * Draft is an object that is being made: a KubeObject all of whose fields are known to be JSON. A
 * type, not an interface, because only a type passes as {@link JsonObject}.
 */
export type Draft = {
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

/** isDraft tells whether what came out of a patch is still an object as Kubernetes knows it. */
export function isDraft(value: Json): value is Draft {
  if (!isJsonObject(value)) return false;
  const { apiVersion, kind, metadata, spec } = value;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    isJsonObject(spec) &&
    isJsonObject(metadata) &&
    typeof metadata['namespace'] === 'string' &&
    areTexts(metadata['labels']) &&
    areTexts(metadata['annotations'] ?? {})
  );
}

function areTexts(value: Json | undefined): boolean {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}
