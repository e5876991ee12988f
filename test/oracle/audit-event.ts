/** Side is one of the two API servers between which clusters are handed over. */
export type Side = 'management' | 'workload';

/** SIDES are both of them. */
export const SIDES: readonly Side[] = ['management', 'workload'];

/** otherSide is the other one. */
export function otherSide(side: Side): Side {
  return side === 'management' ? 'workload' : 'management';
}

/** AuditEvent is what the oracle reads of an Event of `audit.k8s.io/v1`. */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly username: string };
  readonly objectRef?: ObjectReference;
  readonly responseStatus?: { readonly code?: number };
  /** Only at the level RequestResponse; a Status where there is nothing else to tell. */
  readonly responseObject?: unknown;
  /** RFC 3339 with microseconds, as is the next one. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** ObjectReference names what a request was about. */
export interface ObjectReference {
  readonly resource?: string;
  readonly subresource?: string;
  readonly apiGroup?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** ReadLines are the events of some lines of an audit log, and how many lines could not be read. */
export interface ReadLines {
  readonly events: readonly AuditEvent[];
  readonly unreadable: number;
}

/** How each line begins: where an API server was killed, the next one's first line is glued on. */
const BEGINNING = '{"kind":"Event"';

/** readEvents parses whole lines of an audit log. */
export function readEvents(text: string): ReadLines {
  const events: AuditEvent[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = parsed(line) ?? parsed(line.slice(Math.max(0, line.lastIndexOf(BEGINNING))));
    if (event === undefined) unreadable += 1;
    else events.push(event);
  }
  return { events, unreadable };
}

function parsed(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}

/** Span is when something happened, as exactly as a log tells: in microseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** spanOf is the time from the arrival of a request to its answer; the write lies in between. */
export function spanOf(event: AuditEvent): Span {
  return {
    from: microseconds(event.requestReceivedTimestamp),
    to: microseconds(event.stageTimestamp),
  };
}

/** microseconds since 1970 of an RFC 3339 time; `Date` knows milliseconds only. */
export function microseconds(time: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(time) ?? [];
  const seconds = Date.parse(time.replace(/\.\d+/, '')) / 1000;
  return seconds * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** instant writes microseconds since 1970 as people read them. */
export function instant(time: number): string {
  if (!Number.isFinite(time)) return 'the end';
  const rest = String(Math.round(time % 1_000_000)).padStart(6, '0');
  return new Date(Math.floor(time / 1_000_000) * 1000).toISOString().replace('.000Z', `.${rest}Z`);
}
