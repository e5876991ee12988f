import { describe, expect, it } from '@jest/globals';
import { Ready, RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { fc, runs } from '../../test/properties.ts';
import { readRequest } from './request-reader.ts';

/** What a Struct can hold; the SDK takes a key of this name for the prototype, we do not. */
const json = fc.object({
  key: fc.string({ unit: 'binary', maxLength: 40 }).filter((key) => key !== '__proto__'),
  values: [
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  ],
  maxDepth: 4,
});
const metadata = fc.record({ name: fc.string(), managedFields: fc.array(json, { maxLength: 3 }) });
const resource = fc.record(
  {
    resource: fc.oneof(
      json,
      fc.record({ kind: fc.string(), metadata }).map((object) => ({ ...object })),
    ),
    connectionDetails: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    ),
    ready: fc.constantFrom(Ready.READY_TRUE, Ready.READY_FALSE, Ready.READY_UNSPECIFIED),
  },
  { requiredKeys: [] },
);
const names = fc.string({ maxLength: 20 }).filter((key) => key !== '__proto__');
const state = fc.record(
  { composite: resource, resources: fc.dictionary(names, resource, { maxKeys: 4 }) },
  { requiredKeys: [] },
);
const lists = fc.dictionary(names, fc.record({ items: fc.array(resource, { maxLength: 3 }) }), {
  maxKeys: 3,
});
const request = fc.record(
  {
    meta: fc.record({ tag: fc.string() }),
    observed: state,
    desired: state,
    input: json,
    context: json,
    extraResources: lists,
    requiredResources: lists,
    credentials: fc.constant({}),
  },
  { requiredKeys: [] },
);

function bytesOf(partial: object): Buffer {
  const message = RunFunctionRequest.fromPartial(partial as RunFunctionRequest);
  return Buffer.from(RunFunctionRequest.encode(message).finish());
}

function deep(depth: number): Buffer {
  return bytesOf({ observed: { composite: { resource: nested(depth) } } });
}

/** What a reading throws, managed fields and all. */
function mistakeIn(bytes: Buffer): unknown {
  try {
    JSON.stringify(readRequest(bytes));
    return undefined;
  } catch (error) {
    return error;
  }
}

function nested(depth: number): Record<string, unknown> {
  return depth === 0 ? {} : { a: nested(depth - 1) };
}

describe('readRequest', () => {
  it('reads what the SDK reads', () => {
    fc.assert(
      fc.property(request, (partial) => {
        const bytes = bytesOf(partial);

        expect(readRequest(bytes)).toEqual(RunFunctionRequest.decode(bytes));
      }),
      runs(300),
    );
  });

  it('fails wherever a message is cut off', () => {
    const bytes = bytesOf({
      observed: { composite: { resource: { kind: 'X', list: [1, { a: 'b' }, null, true] } } },
    });
    for (let length = 1; length < bytes.length; length += 1) {
      expect(() => readRequest(bytes.subarray(0, length))).toThrow(/ends too early|bounds|end/);
    }
  });

  it('passes over a negative number in a field that a later Crossplane may add', () => {
    const bytes = bytesOf({ meta: { tag: 'a' }, observed: { composite: { resource: { a: 1 } } } });
    // Field 100 with -1: protobuf writes negative numbers in ten bytes.
    const later = Buffer.from('a006ffffffffffffffffff01', 'hex');
    expect(readRequest(Buffer.concat([later, bytes]))).toEqual(RunFunctionRequest.decode(bytes));
  });

  it('says what is wrong, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(mistakeIn(Buffer.from(noise))).not.toBeInstanceOf(TypeError);
      }),
      runs(1000),
    );
  });

  it('keeps a key that names the prototype a key', () => {
    const bytes = bytesOf({ observed: { composite: { resource: { object: { __PROTO__: 1 } } } } });
    bytes.write('__proto__', bytes.indexOf('__PROTO__'));

    expect(JSON.stringify(readRequest(bytes).observed?.composite?.resource)).toBe(
      '{"object":{"__proto__":1}}',
    );
  });

  it('reads objects that are deeper than the SDK reads, and refuses those that could only be an attack', () => {
    expect(readRequest(deep(60)).observed?.composite?.resource).toEqual(nested(60));
    expect(() => readRequest(deep(200))).toThrow('nested more than 100 deep');
  });

  it('decodes managedFields on first access, and then caches them', () => {
    const managedFields = [{ manager: 'a', fieldsV1: { 'f:spec': {} } }];
    const bytes = bytesOf({
      observed: { composite: { resource: { metadata: { managedFields } } } },
    });
    const read = readRequest(bytes).observed?.composite?.resource?.['metadata'] as {
      managedFields: unknown;
    };

    expect(read.managedFields).toEqual(managedFields);
    expect(read.managedFields).toBe(read.managedFields);
    expect(Object.keys(read)).toEqual(['managedFields']);
  });
});
