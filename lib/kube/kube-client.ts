import type { KubeObject } from '../core/object.ts';
import { addressOf, collectionOf, refOf, selectors, withQuery } from './addresses.ts';
import { asList, asObject, type ListPage } from './answers.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  KubeApi,
  KubeList,
  ListOptions,
  ObjectRef,
  PartialListOptions,
  TypeRef,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './api.ts';
import type { ApiRequest } from './connection.ts';
import { type Discovery, discoveryOf } from './discovery.ts';
import { hasStatus, isUnserved, NoMatchError } from './errors.ts';
import { ListPages } from './list-pages.ts';
import type { Transport } from './transport.ts';
import { watchEvents } from './watch-stream.ts';
import { runWatch, type WatchSource } from './watch.ts';

/** KubeClientOptions configure a KubeClient. */
export interface KubeClientOptions {
  /** Removes `managedFields` from watched objects. */
  readonly slimWatches?: boolean;
}

/** KubeClient implements KubeApi over a transport to one API server. */
export class KubeClient implements KubeApi {
  readonly #transport: Transport;
  readonly #discovery: Discovery;
  readonly #slim: boolean;

  constructor(transport: Transport, { slimWatches = false }: KubeClientOptions = {}) {
    this.#transport = transport;
    this.#slim = slimWatches;
    this.#discovery = discoveryOf((path) => transport.send({ method: 'GET', path }));
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    try {
      return asObject(await this.#send(ref, { method: 'GET', path: await this.#one(ref) }));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async list(type: TypeRef, options: PartialListOptions = {}): Promise<KubeList> {
    const { bounds } = this.#transport;
    const limit = String(bounds.pageObjects);
    const pages = new ListPages(type, bounds, options);
    let page = await this.#page(pages, options, { limit });
    while (page.continue !== '') {
      try {
        page = await this.#page(pages, options, { limit, continue: page.continue });
      } catch (error) {
        // The continue token has expired (etcd compaction): only an unpaginated list is consistent now.
        if (!hasStatus(error, 410)) throw error;
        const whole = new ListPages(type, bounds, options);
        return await this.#page(whole, options, {});
      }
    }
    return { resourceVersion: page.resourceVersion, items: pages.items };
  }

  async create(object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const ref = refOf(object);
    // A subresource is created at the path of its object, any other object in its collection.
    const path =
      options.subresource === undefined
        ? collectionOf(await this.#discovery.find(ref), ref.namespace)
        : await this.#one(ref, options.subresource);
    return this.#write(ref, 'POST', { path, options, body: object });
  }

  async replace(object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const ref = refOf(object);
    const path = await this.#one(ref, options.subresource);
    return this.#write(ref, 'PUT', { path, options, body: object });
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    const ref = refOf(object);
    const path = await this.#one(ref, options.subresource);
    const contentType = 'application/apply-patch+yaml';
    return this.#write(ref, 'PATCH', { path, options, body: object, contentType });
  }

  async patch(ref: ObjectRef, patch: unknown, options: WriteOptions = {}): Promise<KubeObject> {
    const path = await this.#one(ref, options.subresource);
    return this.#write(ref, 'PATCH', { path, options, body: patch, contentType: patchType(patch) });
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    try {
      await this.#send(ref, { method: 'DELETE', path: await this.#one(ref), body });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }

  watch(type: TypeRef, onEvent: (event: WatchEvent) => void, options: WatchOptions): Promise<void> {
    const { bounds } = this.#transport;
    const source = {
      list: () => this.list(type, options),
      events: (resourceVersion: string, signal: AbortSignal) =>
        watchEvents((query, bounded) => this.#stream(type, options, query, bounded), {
          resourceVersion,
          signal,
          bounds,
        }),
    };
    const mostObjects = bounds.objects;
    const given = { ...options, type, mostObjects };
    return runWatch(this.#slim ? slimSource(source) : source, onEvent, given);
  }

  raw(method: string, path: string, body?: unknown): Promise<unknown> {
    if (body === undefined) return this.#transport.send({ method, path });
    const patch = method === 'PATCH' ? { contentType: patchType(body) } : {};
    return this.#transport.send({ method, path, body, ...patch });
  }

  async #one(ref: ObjectRef, subresource?: string): Promise<string> {
    return addressOf(await this.#discovery.find(ref), ref, subresource);
  }

  async #page(pages: ListPages, options: ListOptions, query: Query): Promise<ListPage> {
    const { type } = pages;
    const path = withQuery(await this.#all(type), { ...selectors(options), ...query });
    return pages.add(
      asList(type, await this.#send(type, { method: 'GET', path, into: () => pages.next() })),
    );
  }

  async #all(type: TypeRef): Promise<string> {
    return collectionOf(await this.#discovery.find(type), type.namespace);
  }

  async #write(ref: TypeRef, method: string, write: Write): Promise<KubeObject> {
    const { path, options, ...content } = write;
    const request = { method, path: withQuery(path, queryOf(options)), ...content };
    return asObject(await this.#send(ref, request));
  }

  #send(type: TypeRef, request: ApiRequest): Promise<unknown> {
    return this.#served(type, this.#transport.send(request));
  }

  async #stream(
    type: TypeRef,
    options: ListOptions,
    query: Query,
    signal: AbortSignal,
  ): ReturnType<Transport['open']> {
    const path = withQuery(await this.#all(type), { ...selectors(options), ...query });
    return this.#served(type, this.#transport.open(path, signal));
  }

  /** Converts the plain 404 of a kind that is no longer served to a NoMatchError. */
  async #served<T>(type: TypeRef, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!isUnserved(error)) throw error;
      this.#discovery.forget(type.apiVersion);
      // The 404 is not set as cause: callers that check for "not found" mean an object of an existing kind.
      throw new NoMatchError(type.apiVersion, type.kind);
    }
  }
}

type Query = Readonly<Record<string, string>>;

interface Write {
  readonly path: string;
  readonly options: WriteOptions & Pick<Partial<ApplyOptions>, 'force'>;
  readonly body: unknown;
  readonly contentType?: string;
}

function queryOf({ dryRun, fieldManager, force }: Write['options']): Query {
  return {
    ...(dryRun === true ? { dryRun: 'All' } : {}),
    ...(fieldManager === undefined ? {} : { fieldManager }),
    ...(force === undefined ? {} : { force: String(force) }),
  };
}

function patchType(patch: unknown): string {
  return Array.isArray(patch) ? 'application/json-patch+json' : 'application/merge-patch+json';
}

/** slimSource removes `managedFields`, which are about half of an object and are never read from caches. */
function slimSource(source: WatchSource): WatchSource {
  return {
    async list() {
      const { items, ...rest } = await source.list();
      return { ...rest, items: items.map(slim) };
    },
    async *events(resourceVersion, signal) {
      for await (const event of source.events(resourceVersion, signal)) {
        yield { ...event, object: slim(event.object) };
      }
    },
  };
}

function slim(object: KubeObject): KubeObject {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata };
}
