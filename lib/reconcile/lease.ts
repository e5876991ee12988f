import { type KubeObject, recordIn } from '../core/object.ts';
import { microTime } from '../core/time.ts';

/** Seen is a lease as it was last read, and when it was last seen to change. */
export interface Seen {
  /** What its holder wrote; compared as a whole. */
  readonly record: string;
  /** On a monotonic clock, in milliseconds. */
  readonly at: number;
}

/** Candidate is who wants a lease, and for how long. */
export interface Candidate {
  readonly namespace: string;
  readonly name: string;
  /** Unique to the process. */
  readonly identity: string;
  /** Whole seconds that a lease holds without being renewed. */
  readonly leaseSeconds: number;
}

/** What the lease says now, as text to compare. */
export function recordOf(lease: KubeObject): string {
  return JSON.stringify(lease['spec'] ?? {});
}

/** Who holds a lease; empty when it was given back. */
export function holderOf(lease: KubeObject): string {
  const holder = recordIn(lease, 'spec')?.['holderIdentity'];
  return typeof holder === 'string' ? holder : '';
}

/**
 * Whether the candidate may take or renew the lease: it is free, its own, or was not renewed for as
 * long as its holder said, measured on the candidate's own clock since it saw it change. The times
 * in the lease are of another clock and are not read (client-go tools/leaderelection).
 */
export function mayTake(lease: KubeObject, seen: Seen, me: Candidate, now: number): boolean {
  const holder = holderOf(lease);
  if (holder === '' || holder === me.identity) return true;
  const said = recordIn(lease, 'spec')?.['leaseDurationSeconds'];
  const seconds = typeof said === 'number' ? said : me.leaseSeconds;
  return seen.at + seconds * 1000 <= now;
}

/** The lease as the candidate writes it, over the one that is there. */
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

/** The lease as its holder gives it back, so that nobody has to wait until it runs out. */
export function freedLease(lease: KubeObject, now: Date): KubeObject {
  const spec = recordIn(lease, 'spec') ?? {};
  const freed = { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) };
  return { ...lease, spec: { ...spec, ...freed } };
}
