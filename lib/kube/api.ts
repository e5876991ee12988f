import type { KubeObject } from '../core/object.ts';

/** TypeRef identifies a kind and optionally a namespace. */
export interface TypeRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
}

/** ObjectRef identifies one object. */
export interface ObjectRef extends TypeRef {
  readonly name: string;
}

/** ListOptions filter a list or a watch; both selectors use the API syntax. */
export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** KubeList is the result of a list; items have apiVersion and kind, which the API leaves out. */
export interface KubeList {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
}

/** WriteOptions apply to every write. */
export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly subresource?: 'status' | 'scale';
  readonly fieldManager?: string;
}

/** ApplyOptions are the options of server-side apply. */
export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean;
}

/** DeleteOptions as in `metav1.DeleteOptions`. */
export interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/**
 * WatchEvent is one change. `SYNCED` follows every (re)list after its objects; its object has only a
 * resourceVersion. A relist delivers only changes: an object that no longer exists is DELETED (in its last
 * known state), an unchanged object is not delivered again.
 */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED';
  readonly object: KubeObject;
}

/** PartialListOptions are those of a list. */
export interface PartialListOptions extends ListOptions {
  /**
   * The part of an object that is kept; undefined drops it. Pages are reduced as they arrive, so that a list of
   * large objects stays within the bounds of its server.
   */
  readonly part?: (object: KubeObject) => KubeObject | undefined;
}

/** WatchOptions configure a watch. */
export interface WatchOptions extends ListOptions {
  /** Stops the watch; no event is delivered afterwards. */
  readonly signal: AbortSignal;
  /** Called on every interruption; the watch itself continues (back-off, resume, relist after 410). */
  readonly onError?: (error: unknown) => void;
}

/**
 * KubeApi is the client interface to one API server. All objects are raw JSON. Every method fails with
 * `StatusError` if the server returns an error status, `NoMatchError` if it does not serve the kind (yet),
 * and `UnreachableError` if no response arrived in time (all in lib/kube/errors.ts).
 */
export interface KubeApi {
  /** The object, or undefined if it does not exist (404). */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** All objects of a kind; pagination is handled internally. */
  list(type: TypeRef, options?: PartialListOptions): Promise<KubeList>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Full replacement (PUT) with the resourceVersion of the object as precondition. */
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** RFC 7386 merge patch, or RFC 6902 JSON patch if `patch` is an array. */
  patch(ref: ObjectRef, patch: unknown, options?: WriteOptions): Promise<KubeObject>;
  /** Deletes an object; it is not an error if the object does not exist. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<void>;
  /**
   * Lists and watches until the signal; resolves when the signal stops it. Fails only with exceptions of
   * `onEvent`: everything else, including a kind that is not served yet, is retried.
   */
  watch(type: TypeRef, onEvent: (event: WatchEvent) => void, options: WatchOptions): Promise<void>;
  /** Any other path, such as `/readyz` or a token request; a string result is a response that is not JSON. */
  raw(method: string, path: string, body?: unknown): Promise<unknown>;
}
