import { mergePatch } from '../../../lib/core/merge-patch.ts';
import {
  type Json,
  type JsonObject,
  type KubeObject,
  groupOf,
  isRecord,
} from '../../../lib/core/object.ts';

/** Fields is any object within a raw Kubernetes object. */
export type Fields = Readonly<Record<string, unknown>>;

/** listIn reads a list of objects; any other value counts as an empty list. */
export function listIn(value: unknown, field: string): readonly Fields[] {
  const found: unknown = isRecord(value) ? value[field] : undefined;
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** textIn reads a string; any other value counts as absent. */
export function textIn(value: unknown, field: string): string | undefined {
  const found = isRecord(value) ? value[field] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** patchedFields applies a merge patch (RFC 7386) to a part of an object; null removes a field. */
export function patchedFields(fields: unknown, patch: JsonObject): Fields {
  const merged = mergePatch(isRecord<Json>(fields) ? fields : {}, patch);
  return isRecord(merged) ? merged : {};
}

/** withSpec returns the object with a merge patch applied to its spec. */
export function withSpec(object: KubeObject, patch: JsonObject): KubeObject {
  return { ...object, spec: patchedFields(object['spec'], patch) };
}

/** podSpecOf returns `spec.template.spec` of a workload object such as a Deployment. */
export function podSpecOf(object: KubeObject): Fields | undefined {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const template = isRecord(spec['template']) ? spec['template'] : {};
  return isRecord(template['spec']) ? template['spec'] : undefined;
}

/** withPodSpec returns the workload object with some fields of `spec.template.spec` replaced. */
export function withPodSpec(object: KubeObject, changed: Fields): KubeObject {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const template = isRecord(spec['template']) ? spec['template'] : {};
  const podSpec = { ...podSpecOf(object), ...changed };
  return { ...object, spec: { ...spec, template: { ...template, spec: podSpec } } };
}

/** idOf returns a key that is equal for objects that an API server treats as the same object. */
export function idOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [groupOf(apiVersion), kind, metadata.namespace ?? '', metadata.name ?? ''].join('/');
}

/** fullName returns the name of an object with its namespace, as users write it. */
export function fullName({ metadata }: KubeObject): string {
  const { namespace, name = '' } = metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
