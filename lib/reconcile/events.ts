import type { EventReason } from '../apis/reasons.ts';
import { contentHash } from '../core/hash.ts';
import type { KubeObject } from '../core/object.ts';
import { cutText } from '../core/reported.ts';
import { metaTime } from '../core/time.ts';
import { messageOf } from '../errors.ts';
import type { KubeApi } from '../kube/api.ts';
import type { Logger } from '../log.ts';

/** EventRecorder emits Events about objects, which `kubectl describe` shows. */
export interface EventRecorder {
  /**
   * Fire and forget: never fails and never blocks. Repeated messages about the same object are one Event
   * with a count. Never put a credential into a message.
   */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: EventReason, message: string): void;
}

/** SettledRecorder is an EventRecorder that a program can wait for before it exits. */
export interface SettledRecorder extends EventRecorder {
  /** Resolves when all Events are written or have failed. */
  settled(): Promise<void>;
}

/** EventRecorderOptions configure an EventRecorder. */
export interface EventRecorderOptions {
  /** Name of the program, which is also the field manager. */
  readonly component: string;
  readonly log: Logger;
  readonly now?: () => Date;
}

/** Time in which equal messages are counted in one Event. */
const SAME_MS = 10 * 60_000;
/** Minimum interval between writes of a growing count. */
const REFRESH_MS = 60_000;
/** Maximum number of different Events per object in {@link SAME_MS}, as in the spam filter of client-go. */
const BURST = 25;
/** Maximum number of requests in flight; further Events are dropped. */
const MOST_IN_FLIGHT = 50;

interface Told {
  readonly first: Date;
  count: number;
  /** When it was written last. */
  written: Date;
}

/** Creates a recorder of core/v1 Events that uses server-side apply, which needs no read first. */
export function createEventRecorder(api: KubeApi, options: EventRecorderOptions): SettledRecorder {
  const { component, log, now = () => new Date() } = options;
  const told = new Map<string, Map<string, Told>>();
  const inFlight = new Set<Promise<unknown>>();

  function due(uid: string, key: string, at: Date): Told | undefined {
    forgetOld(told, at);
    const ofObject = told.get(uid) ?? new Map<string, Told>();
    told.set(uid, ofObject);
    const known = ofObject.get(key);
    if (known === undefined) {
      if (ofObject.size >= BURST) return undefined;
      const entry = { first: at, count: 1, written: at };
      ofObject.set(key, entry);
      return entry;
    }
    known.count += 1;
    if (at.getTime() - known.written.getTime() < REFRESH_MS) return undefined;
    known.written = at;
    return known;
  }

  return {
    event(object, type, reason, message): void {
      const at = now();
      const uid = object.metadata.uid ?? '';
      const key = contentHash([uid, type, reason, message]);
      const entry = due(uid, key, at);
      if (entry === undefined) return;
      if (inFlight.size >= MOST_IN_FLIGHT) {
        log.debug({ reason, kind: object.kind }, 'event dropped: too many in flight');
        return;
      }
      const body = eventOf(object, { type, reason, message, component, key, entry, at });
      const work = api
        .apply(body, { fieldManager: component, force: true })
        .catch((error: unknown) =>
          log.debug({ reason, error: messageOf(error) }, 'event not written'),
        )
        .finally(() => inFlight.delete(work));
      inFlight.add(work);
    },
    async settled(): Promise<void> {
      await Promise.allSettled(inFlight);
    },
  };
}

/** Also removes entries with a future time, after the clock was set back. */
function forgetOld(told: Map<string, Map<string, Told>>, at: Date): void {
  for (const [uid, ofObject] of told) {
    for (const [key, { first }] of ofObject) {
      if (Math.abs(at.getTime() - first.getTime()) > SAME_MS) ofObject.delete(key);
    }
    if (ofObject.size === 0) told.delete(uid);
  }
}

interface Content {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly key: string;
  readonly entry: Told;
  readonly at: Date;
}

function eventOf(object: KubeObject, content: Content): KubeObject {
  const { type, reason, message, component, key, entry, at } = content;
  const { name = '', namespace, uid, resourceVersion } = object.metadata;
  const { apiVersion, kind } = object;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    // Events of cluster-scoped objects are in `default`, as in client-go. The name contains the time of the
    // first occurrence, so that a new Event does not continue the count of an old one.
    metadata: {
      name: `${name.slice(0, 200)}.${key}${entry.first.getTime().toString(16)}`,
      namespace: namespace ?? 'default',
    },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    type,
    reason,
    message: cut(message),
    source: { component },
    reportingComponent: component,
    firstTimestamp: metaTime(entry.first),
    lastTimestamp: metaTime(at),
    count: entry.count,
  };
}

/** The API allows 1024 bytes. */
function cut(message: string): string {
  const plain = cutText(message, 1024);
  if (Buffer.byteLength(plain) <= 1024) return plain;
  return `${Buffer.from(plain)
    .subarray(0, 1000)
    .toString('utf8')
    .replace(/\uFFFD$/, '')} …`;
}
