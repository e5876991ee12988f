import {
  Resource,
  RunFunctionRequest,
  type Resources,
  type State,
} from '@crossplane-org/function-sdk-typescript';
import {
  readEnd,
  readStruct,
  readText,
  readVarint,
  skipField,
  type Cursor,
} from './struct-reader.ts';

const OBSERVED = 18;
const EXTRA_RESOURCES = 50;
const REQUIRED_RESOURCES = 66;

/**
 * readRequest replaces the SDK's `RunFunctionRequest.decode`. It decodes the Kubernetes objects itself, because
 * they are most of a request and the SDK allocates several objects for each value (docs/performance.md).
 *
 * @throws Error if the bytes are not a valid message
 */
export function readRequest(bytes: Buffer): RunFunctionRequest {
  const cursor = { bytes, at: 0 };
  const rest: Buffer[] = [];
  const extra = new Map<string, Buffer>();
  const required = new Map<string, Buffer>();
  let observed: State | undefined;
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const tag = readVarint(cursor);
    if (tag === OBSERVED) observed = readState(cursor);
    else if (tag === EXTRA_RESOURCES) readEntry(cursor, extra, readBytes);
    else if (tag === REQUIRED_RESOURCES) readEntry(cursor, required, readBytes);
    else {
      skipField(cursor, tag);
      rest.push(bytes.subarray(start, cursor.at));
    }
  }
  const request = RunFunctionRequest.decode(Buffer.concat(rest));
  return { ...request, observed, ...answersIn(required, extra) };
}

/** Requirements are sent in both fields to support older cores, so the same answer comes twice; it is decoded once. */
function answersIn(
  required: ReadonlyMap<string, Buffer>,
  extra: ReadonlyMap<string, Buffer>,
): Pick<RunFunctionRequest, 'extraResources' | 'requiredResources'> {
  const read = new Map([...required].map(([key, bytes]) => [key, readResources(bytes)] as const));
  const again = [...extra].map(([key, bytes]) => {
    const known = required.get(key)?.equals(bytes) === true ? read.get(key) : undefined;
    return [key, known ?? readResources(bytes)] as const;
  });
  return { requiredResources: Object.fromEntries(read), extraResources: Object.fromEntries(again) };
}

function readState(cursor: Cursor): State {
  const end = readEnd(cursor);
  const resources = new Map<string, Resource>();
  let composite: Resource | undefined;
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) composite = readResource(cursor);
    else if (tag === 18) readEntry(cursor, resources, readResource);
    else skipField(cursor, tag);
  }
  return { composite, resources: Object.fromEntries(resources) };
}

/** readEntry reads an entry of a map from strings to messages. */
function readEntry<Value>(
  cursor: Cursor,
  map: Map<string, Value>,
  read: (at: Cursor) => Value,
): void {
  const end = readEnd(cursor);
  let key = '';
  let value: Value | undefined;
  while (cursor.at < end) {
    const tag = readVarint(cursor);
    if (tag === 10) key = readText(cursor);
    else if (tag === 18) value = read(cursor);
    else skipField(cursor, tag);
  }
  if (value !== undefined) map.set(key, value);
}

function readBytes(cursor: Cursor): Buffer {
  const end = readEnd(cursor);
  const start = cursor.at;
  cursor.at = end;
  return cursor.bytes.subarray(start, end);
}

function readResources(bytes: Buffer): Resources {
  const cursor = { bytes, at: 0 };
  const items: Resource[] = [];
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor);
    if (tag === 10) items.push(readResource(cursor));
    else skipField(cursor, tag);
  }
  return { items };
}

/** Other fields, such as connection details, are small, so the SDK decodes them. */
function readResource(cursor: Cursor): Resource {
  const end = readEnd(cursor);
  const rest: Buffer[] = [];
  let object: Record<string, unknown> | undefined;
  while (cursor.at < end) {
    const start = cursor.at;
    const tag = readVarint(cursor);
    if (tag === 10) {
      object = readStruct(cursor);
    } else {
      skipField(cursor, tag);
      rest.push(cursor.bytes.subarray(start, cursor.at));
    }
  }
  if (rest.length === 0) return { resource: object, connectionDetails: {}, ready: 0 };
  return { ...Resource.decode(Buffer.concat(rest)), resource: object };
}
