import { mergePatch } from '../../../lib/core/merge-patch.ts';
import {
  type Json,
  type JsonObject,
  type KubeObject,
  groupOf,
  isRecord,
} from '../../../lib/core/object.ts';

/** Fields is any part of a raw object that has named fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** listIn reads a field that holds a list of objects; anything else counts as empty. */
export function listIn(value: unknown, field: string): readonly Fields[] {
  const found: unknown = isRecord(value) ? value[field] : undefined;
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** textIn reads a field that holds a text; anything else counts as absent. */
export function textIn(value: unknown, field: string): string | undefined {
  const found = isRecord(value) ? value[field] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** patchedFields is a merge patch (RFC 7386) on a part of an object; null removes. */
export function patchedFields(fields: unknown, patch: JsonObject): Fields {
  const merged = mergePatch(isRecord<Json>(fields) ? fields : {}, patch);
  return isRecord(merged) ? merged : {};
}

/** withSpec is the object with a merge patch on its spec. */
export function withSpec(object: KubeObject, patch: JsonObject): KubeObject {
  return { ...object, spec: patchedFields(object['spec'], patch) };
}

/** podSpecOf is `spec.template.spec` of a workload object such as a Deployment. */
export function podSpecOf(object: KubeObject): Fields | undefined {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const template = isRecord(spec['template']) ? spec['template'] : {};
  return isRecord(template['spec']) ? template['spec'] : undefined;
}

/** withPodSpec is the workload object with some fields of `spec.template.spec` replaced. */
export function withPodSpec(object: KubeObject, changed: Fields): KubeObject {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const template = isRecord(spec['template']) ? spec['template'] : {};
  const podSpec = { ...podSpecOf(object), ...changed };
  return { ...object, spec: { ...spec, template: { ...template, spec: podSpec } } };
}

/** idOf names an object among all: equal for what is the same object to an API server. */
export function idOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [groupOf(apiVersion), kind, metadata.namespace ?? '', metadata.name ?? ''].join('/');
}

/** fullName is the name of an object with its namespace, as a user would write it. */
export function fullName({ metadata }: KubeObject): string {
  const { namespace, name = '' } = metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
