import { isRecord } from '../core/object.ts';
import type { TypeRef } from './api.ts';
import { hasStatus, NoMatchError } from './errors.ts';

/** Resource is the API path of a kind. */
export interface Resource {
  /** Path of its group and version: `/api/v1`, `/apis/apps/v1`. */
  readonly root: string;
  /** Lower-case plural, as used in paths. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Discovery finds and caches the resource of a kind. */
export interface Discovery {
  /** Fails with {@link NoMatchError} if the kind is not served; this result is not cached. */
  find(type: Pick<TypeRef, 'apiVersion' | 'kind'>): Promise<Resource>;
  /** Clears the cache of a group and version, for example after a plain 404 from one of its paths. */
  forget(apiVersion: string): void;
}

type Kinds = ReadonlyMap<string, Resource>;

/**
 * Creates a Discovery that uses `GET /api/v1` and `GET /apis/<group>/<version>` (`metav1.APIResourceList`).
 */
export function discoveryOf(get: (path: string) => Promise<unknown>): Discovery {
  const known = new Map<string, Promise<Kinds>>();

  function ask(apiVersion: string): Promise<Kinds> {
    const asked = read(get, apiVersion);
    known.set(apiVersion, asked);
    asked.catch(() => {
      if (known.get(apiVersion) === asked) known.delete(apiVersion);
    });
    return asked;
  }

  async function find({
    apiVersion,
    kind,
  }: Pick<TypeRef, 'apiVersion' | 'kind'>): Promise<Resource> {
    const cached = (await known.get(apiVersion))?.get(kind);
    const resource = cached ?? (await ask(apiVersion)).get(kind);
    if (resource === undefined) throw new NoMatchError(apiVersion, kind);
    return resource;
  }

  return { find, forget: (apiVersion) => void known.delete(apiVersion) };
}

async function read(get: (path: string) => Promise<unknown>, apiVersion: string): Promise<Kinds> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  try {
    return kindsOf(root, await get(root));
  } catch (error) {
    if (hasStatus(error, 404)) return new Map();
    throw error;
  }
}

function kindsOf(root: string, answer: unknown): Kinds {
  const kinds = new Map<string, Resource>();
  if (!isResourceList(answer)) return kinds;
  for (const { name, kind, namespaced } of answer.resources) {
    // A slash marks a subresource, whose kind can be that of another resource (`Scale`).
    if (!name.includes('/')) kinds.set(kind, { root, plural: name, namespaced });
  }
  return kinds;
}

interface ResourceList {
  readonly resources: readonly { name: string; kind: string; namespaced: boolean }[];
}

function isResourceList(answer: unknown): answer is ResourceList {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'resources' in answer &&
    Array.isArray(answer.resources) &&
    answer.resources.every(isResource)
  );
}

function isResource(value: unknown): boolean {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['kind'] === 'string';
}
