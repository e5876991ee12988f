import type { Readable } from 'node:stream';
import { isKubeObject } from '../core/object.ts';
import { boundedLines } from './bounded-text.ts';
import { BoundError, type Bounds } from './bounds.ts';
import { deadlineOf } from './deadline.ts';
import { UnreachableError } from './errors.ts';
import type { RawEvent } from './watch-view.ts';

/** OpenStream sends a watch request with query parameters. */
export type OpenStream = (
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Readable>;

/** The server is asked to end a stream after 4 to 8 minutes, so that load balancers stay balanced. */
const SHORTEST_STREAM_S = 240;
/** Time after the requested end when a stream counts as dead. */
const GRACE_S = 30;

/** WatchFrom says where a watch request starts, and what one event may have at most. */
export interface WatchFrom {
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
  readonly bounds: Bounds;
}

/** The events of one watch request after a resourceVersion, until the server or the signal ends it. */
export async function* watchEvents(
  open: OpenStream,
  from: WatchFrom,
): AsyncGenerator<RawEvent, void, undefined> {
  const seconds = Math.round(SHORTEST_STREAM_S * (1 + Math.random()));
  const query = {
    // With `watch=1` the in-memory API server of CAPI returns a list.
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from.resourceVersion,
    timeoutSeconds: String(seconds),
  };
  const bounded = deadlineOf((seconds + GRACE_S) * 1000, from.signal);
  try {
    const stream = await open(query, bounded.signal);
    try {
      for await (const line of linesOf(stream, from.bounds)) yield parse(line);
    } finally {
      stream.destroy();
    }
  } finally {
    bounded.cancel();
  }
}

/** The lines of a stream; an incomplete last line is dropped, because its event is sent again on resume. */
async function* linesOf(
  stream: Readable,
  { objectBytes: bytes, values, depth }: Bounds,
): AsyncGenerator<string, void, undefined> {
  try {
    yield* boundedLines(stream as AsyncIterable<Buffer>, { bytes, values, depth });
  } catch (error) {
    if (error instanceof BoundError) throw error;
    throw new UnreachableError('cannot continue the watch: the stream broke', { cause: error });
  }
}

function parse(line: string): RawEvent {
  const event: unknown = JSON.parse(line);
  if (isRawEvent(event)) return event;
  throw new Error('cannot read a watch event: it has no type and object');
}

function isRawEvent(event: unknown): event is RawEvent {
  return (
    typeof event === 'object' &&
    event !== null &&
    'type' in event &&
    'object' in event &&
    isKubeObject(event.object)
  );
}
