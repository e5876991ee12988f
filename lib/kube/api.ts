import type { KubeObject } from '../core/object.ts';

/** TypeRef names a kind, and optionally the namespace to look in. */
export interface TypeRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
}

/** ObjectRef names one object. */
export interface ObjectRef extends TypeRef {
  readonly name: string;
}

/** ListOptions narrow a list or a watch; both selectors are in the API's own syntax. */
export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** KubeList is what a list returns; items carry apiVersion and kind, which the API leaves out. */
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

/** ApplyOptions are those of server-side apply. */
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
 * WatchEvent is one change. `SYNCED` comes once after each (re)list, when its objects are through;
 * its object has a resourceVersion only. A relist tells what changed: an object that vanished
 * meanwhile is DELETED (in its last known state), one that is as it was is not told again.
 */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED';
  readonly object: KubeObject;
}

/** WatchOptions say what is watched and until when. */
export interface WatchOptions extends ListOptions {
  /** Ends the watch; nothing is delivered afterwards. */
  readonly signal: AbortSignal;
  /** Told of every interruption; the watch itself goes on (back-off, resume, relist after 410). */
  readonly onError?: (error: unknown) => void;
}

/**
 * KubeApi is the port to one API server. Everything is raw JSON. Every method fails with
 * `StatusError` when the server answers with an error status, `NoMatchError` when it doesn't serve
 * the kind (yet), `UnreachableError` when no answer came in time (all in lib/kube/errors.ts).
 */
export interface KubeApi {
  /** The object, or undefined when there is none (404). */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** All objects of a kind, page by page behind the scenes. */
  list(type: TypeRef, options?: ListOptions): Promise<KubeList>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Full replacement (PUT); carries the object's resourceVersion as precondition. */
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** RFC 7386 merge patch, or RFC 6902 JSON patch when `patch` is an array. */
  patch(ref: ObjectRef, patch: unknown, options?: WriteOptions): Promise<KubeObject>;
  /** Deletes; an object that is gone already is no error. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<void>;
  /**
   * List and watch until the signal; resolves when the signal ends it. Fails only with what
   * `onEvent` throws: everything else, a kind that is not served yet too, is tried again.
   */
  watch(type: TypeRef, onEvent: (event: WatchEvent) => void, options: WatchOptions): Promise<void>;
  /** Any other path, such as `/readyz` or a token request; a string body is an answer that is no JSON. */
  raw(method: string, path: string, body?: unknown): Promise<unknown>;
}
