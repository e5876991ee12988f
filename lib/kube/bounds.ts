import { UnreachableError } from './errors.ts';

/**
 * Bounds limit what one API server can make this process read. They are far above what a working API server
 * sends, and low enough that the process survives a hostile one.
 */
export interface Bounds {
  /** Bytes of one answer that is not a list, of an error, and of one watch event. */
  readonly objectBytes: number;
  /** Bytes of one page of a list. */
  readonly pageBytes: number;
  /** Bytes of all pages of a list together; of what is kept if only a part of each object is. */
  readonly listBytes: number;
  /** Objects that are asked for in one page of a list. */
  readonly pageObjects: number;
  /** Pages of a list. */
  readonly pages: number;
  /** Objects of a list, and objects that a watch knows at the same time. */
  readonly objects: number;
  /**
   * JSON values (objects, arrays, members and elements) of an answer or a whole list: an empty object has two
   * bytes on the wire and more than fifty in memory.
   */
  readonly values: number;
  /** Levels of nested JSON objects and arrays: code that walks an object is recursive. */
  readonly depth: number;
  /** Milliseconds for a request with its body and its retries after a 429. */
  readonly requestMs: number;
}

const MIB = 2 ** 20;

/**
 * An object has at most 1.5 MiB in etcd (`--max-request-bytes`). As JSON it is larger, because a Secret is
 * base64 there and protobuf in etcd.
 */
const OBJECT_BYTES = 4 * MIB;

/** A CustomResourceDefinition, the deepest object in practice, has about 60 levels. */
const DEPTH = 256;

/** TRUSTED are the bounds for the API server of the management side, and for that of the own cluster. */
export const TRUSTED: Bounds = {
  objectBytes: OBJECT_BYTES,
  pageBytes: 64 * MIB,
  listBytes: 512 * MIB,
  pageObjects: 500,
  pages: 2000,
  objects: 500_000,
  values: 30_000_000,
  depth: DEPTH,
  requestMs: 150_000,
};

/**
 * UNTRUSTED are the bounds for a workload cluster's API server, whose administrator may be hostile. A Node has
 * about 20 KiB, so that a list has room for 1500 of them. The CRDs of a cluster with many operators have 50 MiB and
 * more, single ones a MiB: a page has few objects, and who lists CRDs keeps a part of each (ListOptions).
 */
export const UNTRUSTED: Bounds = {
  objectBytes: OBJECT_BYTES,
  pageBytes: 16 * MIB,
  listBytes: 32 * MIB,
  pageObjects: 50,
  pages: 400,
  objects: 20_000,
  values: 2_000_000,
  depth: DEPTH,
  requestMs: 45_000,
};

/**
 * BoundError says that an answer exceeds a bound and was not read to its end. Such a server counts as
 * unreachable: the result of a write is unknown.
 */
export class BoundError extends UnreachableError {
  override readonly name = 'BoundError';
}

/** Creates the error for an answer that exceeds a bound; `bound` completes "its answer has more than …". */
export function exceeded(bound: string): BoundError {
  return new BoundError(
    `cannot use the API server: its answer has ${bound}; check who controls the cluster, and what it stores`,
  );
}

/** Bytes as text in MiB, or in bytes if that is no whole number. */
export function sizeText(bytes: number): string {
  return bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes} bytes`;
}
