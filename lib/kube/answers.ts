import { isKubeObject, isRecord, type KubeObject } from '../core/object.ts';
import type { KubeList, TypeRef } from './api.ts';

/** ListPage is one page of a list; `continue` is empty on the last one. */
export interface ListPage extends KubeList {
  readonly continue: string;
}

/** The response as an object; fails if the server sent something else. */
export function asObject(answer: unknown): KubeObject {
  if (!isKubeObject(answer)) {
    throw new Error("cannot read the API server's answer: it has no apiVersion, kind and metadata");
  }
  return answer;
}

/** The response as a page of objects, with the apiVersion and kind that list items lack. */
export function asList(type: TypeRef, answer: unknown): ListPage {
  if (!isRawList(answer)) {
    throw new Error(`cannot read the API server's answer: no list of ${type.kind}`);
  }
  const { apiVersion, kind } = type;
  return {
    resourceVersion: textOf(answer.metadata?.resourceVersion),
    continue: textOf(answer.metadata?.continue),
    items: (answer.items ?? []).map((item) => ({ ...item, apiVersion, kind })),
  };
}

interface RawList {
  readonly metadata?: { readonly resourceVersion?: unknown; readonly continue?: unknown };
  /**
   * Go encodes an empty slice as null in some places; apiVersion and kind may be missing despite the type.
   */
  readonly items: readonly KubeObject[] | null;
}

function isRawList(value: unknown): value is RawList {
  return (
    typeof value === 'object' &&
    value !== null &&
    'items' in value &&
    (value.items === null || (Array.isArray(value.items) && value.items.every(hasMetadata)))
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function hasMetadata(item: unknown): boolean {
  return isRecord(item) && isRecord(item['metadata']);
}
