import { isKubeObject, type KubeObject } from '../core/object.ts';
import type { KubeList, TypeRef } from './api.ts';

/** ListPage is one page of a list; `continue` is empty on the last one. */
export interface ListPage extends KubeList {
  readonly continue: string;
}

/** The answer as an object; fails when the server sent something else. */
export function asObject(answer: unknown): KubeObject {
  if (!isKubeObject(answer)) {
    throw new Error("cannot read the API server's answer: it has no apiVersion, kind and metadata");
  }
  return answer;
}

/** The answer as a page of objects, with the apiVersion and kind that items of a list lack. */
export function asList(type: TypeRef, answer: unknown): ListPage {
  if (!isRawList(answer)) {
    throw new Error(`cannot read the API server's answer: no list of ${type.kind}`);
  }
  const { apiVersion, kind } = type;
  return {
    resourceVersion: answer.metadata?.resourceVersion ?? '',
    continue: answer.metadata?.continue ?? '',
    items: (answer.items ?? []).map((item) => ({ ...item, apiVersion, kind })),
  };
}

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  /** Go writes an empty slice as null here and there; apiVersion and kind are not there in truth. */
  readonly items: readonly KubeObject[] | null;
}

function isRawList(value: unknown): value is RawList {
  return (
    typeof value === 'object' &&
    value !== null &&
    'items' in value &&
    (value.items === null || Array.isArray(value.items))
  );
}
