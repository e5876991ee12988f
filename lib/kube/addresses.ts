import type { KubeObject } from '../core/object.ts';
import type { ListOptions, ObjectRef } from './api.ts';
import type { Resource } from './discovery.ts';

/** The path of a resource collection, in one namespace or, if none is given, in all namespaces. */
export function collectionOf(resource: Resource, namespace = ''): string {
  const { root, plural, namespaced } = resource;
  const scope =
    namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${plural}`;
}

/** The path of one object or its subresource; fails if the name or namespace is missing. */
export function addressOf(resource: Resource, ref: ObjectRef, subresource?: string): string {
  if (ref.name === '') throw new Error(`cannot address a ${ref.kind}: give it a name`);
  if (resource.namespaced && (ref.namespace ?? '') === '') {
    throw new Error(
      `cannot address ${ref.kind} ${ref.name}: the kind is namespaced, give a namespace`,
    );
  }
  const path = `${collectionOf(resource, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** The reference to an object; the name is empty if it has none (`generateName`). */
export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name = '', namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The path with a query string, if there are parameters. */
export function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The query parameters of the selectors of a list or watch. */
export function selectors(options: ListOptions): Readonly<Record<string, string>> {
  const { labelSelector, fieldSelector } = options;
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
