import { StatusError } from '../../lib/kube/errors.ts';

/** attempt runs work as a server does: later, and what it throws is the answer. */
export function attempt<Result>(work: () => Result): Promise<Result> {
  return Promise.resolve().then(work);
}

/** conflict is the answer 409. */
export function conflict(reason: string, what: string): StatusError {
  return new StatusError('request', 409, { reason, message: `${what}: ${reason}` });
}

/** notFound is the answer 404. */
export function notFound(what: string): StatusError {
  return new StatusError('request', 404, { kind: 'Status', reason: 'NotFound', message: what });
}
