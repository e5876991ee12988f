import { describe, expect, it } from '@jest/globals';
import {
  hasStatus,
  isConflict,
  isNoMatch,
  isNotFound,
  isUnreachable,
  isUnserved,
  NoMatchError,
  StatusError,
  UnreachableError,
} from './errors.ts';

function wrapped(error: unknown): Error {
  return new Error('cannot do it', { cause: new Error('cannot write', { cause: error }) });
}

describe('StatusError', () => {
  it('contains the message of the server, then the request', () => {
    const status = { kind: 'Status', code: 409, reason: 'Conflict', message: 'it changed' };
    const error = new StatusError('PUT /api/v1/nodes/a', 409, status);
    expect(error.message).toBe('it changed (PUT /api/v1/nodes/a: 409 Conflict)');
    expect([error.code, error.reason, error.status.message]).toEqual([
      409,
      'Conflict',
      'it changed',
    ]);
  });

  it('reports a response that is not a Status', () => {
    expect(new StatusError('GET /x', 502, {}).message).toBe(
      'the answer is not a Kubernetes Status (GET /x: 502)',
    );
  });
});

describe('predicates look through causes', () => {
  const conflict = new StatusError('PUT /x', 409, { kind: 'Status' });
  const missing = new StatusError('GET /x', 404, { kind: 'Status' });
  const table: readonly [string, (error: unknown) => boolean, unknown, boolean][] = [
    ['a conflict', isConflict, wrapped(conflict), true],
    ['a missing object is no conflict', isConflict, missing, false],
    ['a missing object', isNotFound, wrapped(missing), true],
    ['any code', (error) => hasStatus(error, 409), wrapped(conflict), true],
    ['a kind that is not served', isNoMatch, wrapped(new NoMatchError('a/v1', 'B')), true],
    [
      'a kind that is not served is not a missing object',
      isNotFound,
      new NoMatchError('a/v1', 'B'),
      false,
    ],
    ['no answer', isUnreachable, wrapped(new UnreachableError('cannot reach')), true],
    ['a 404 with a Status is an answer about an object', isUnserved, missing, false],
    [
      'a 404 without a Status is about the path',
      isUnserved,
      new StatusError('GET /x', 404, {}),
      true,
    ],
    ['something thrown that is no error', isConflict, 'boom', false],
  ];
  it.each(table)('%s', (_reason, predicate, error, expected) => {
    expect(predicate(error)).toBe(expected);
  });
});
