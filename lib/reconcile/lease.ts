import { type KubeObject, recordIn } from '../core/object.ts';
import { microTime } from '../core/time.ts';

/** Seen is a lease as it was last read, and when it was last observed to change. */
export interface Seen {
  /** The content that its holder wrote; compared as a whole. */
  readonly record: string;
  /** On a monotonic clock, in milliseconds. */
  readonly at: number;
}

/** Candidate is a process that wants the lease. */
export interface Candidate {
  readonly namespace: string;
  readonly name: string;
  /** Unique per process. */
  readonly identity: string;
  /** Duration of the lease without a renewal, in whole seconds. */
  readonly leaseSeconds: number;
}

/** The content of the lease as text to compare. */
export function recordOf(lease: KubeObject): string {
  return JSON.stringify(lease['spec'] ?? {});
}

/** The holder of a lease; empty if it was released. */
export function holderOf(lease: KubeObject): string {
  const holder = recordIn(lease, 'spec')?.['holderIdentity'];
  return typeof holder === 'string' ? holder : '';
}

/**
 * Whether the candidate may acquire or renew the lease: it is free, already held by the candidate, or was
 * not renewed for the duration that its holder set, measured on the clock of the candidate since the last
 * observed change. The times in the lease come from another clock and are not read (client-go
 * tools/leaderelection).
 */
export function mayTake(lease: KubeObject, seen: Seen, me: Candidate, now: number): boolean {
  const holder = holderOf(lease);
  if (holder === '' || holder === me.identity) return true;
  const said = recordIn(lease, 'spec')?.['leaseDurationSeconds'];
  const seconds = typeof said === 'number' ? said : me.leaseSeconds;
  return seen.at + seconds * 1000 <= now;
}

/** The lease with the candidate as its holder, based on the existing lease. */
export function takenLease(last: KubeObject | undefined, me: Candidate, now: Date): KubeObject {
  const spec = recordIn(last, 'spec') ?? {};
  const mine = last !== undefined && holderOf(last) === me.identity;
  const transitions = Number(spec['leaseTransitions'] ?? 0);
  const time = microTime(now);
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: last?.metadata ?? { namespace: me.namespace, name: me.name },
    spec: {
      ...spec,
      holderIdentity: me.identity,
      leaseDurationSeconds: me.leaseSeconds,
      acquireTime: mine ? (spec['acquireTime'] ?? time) : time,
      renewTime: time,
      leaseTransitions: mine || last === undefined ? transitions : transitions + 1,
    },
  };
}

/** The lease as its holder releases it, so that nothing has to wait until it expires. */
export function freedLease(lease: KubeObject, now: Date): KubeObject {
  const spec = recordIn(lease, 'spec') ?? {};
  const freed = { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) };
  return { ...lease, spec: { ...spec, ...freed } };
}
