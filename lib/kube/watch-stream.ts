import type { Readable } from 'node:stream';
import { isKubeObject } from '../core/object.ts';
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

/** The events of one watch request after a resourceVersion, until the server or the signal ends it. */
export async function* watchEvents(
  open: OpenStream,
  from: { readonly resourceVersion: string; readonly signal: AbortSignal },
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
      for await (const line of linesOf(stream)) yield parse(line);
    } finally {
      stream.destroy();
    }
  } finally {
    bounded.cancel();
  }
}

/** The lines of a stream; an incomplete last line is dropped, because its event is sent again on resume. */
export async function* linesOf(stream: Readable): AsyncGenerator<string, void, undefined> {
  let parts: string[] = [];
  for await (const chunk of chunksOf(stream)) {
    const pieces = chunk.split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = parts.join('') + piece;
      parts = [];
      if (line.trim() !== '') yield line;
    }
    if (rest !== '') parts.push(rest);
  }
}

async function* chunksOf(stream: Readable): AsyncGenerator<string, void, undefined> {
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) yield String(chunk);
  } catch (error) {
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
