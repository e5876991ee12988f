import type { IncomingMessage } from 'node:http';
import { requestLine, type SeenRequest } from './seen-request.ts';

/** Recorder is one request and a function that records its end once. */
export interface Recorder {
  readonly request: SeenRequest;
  end(status: number | undefined): void;
}

/** Book is the list of recorded requests. */
export interface Book {
  readonly seen: SeenRequest[];
  readonly counts: (method: string, url: string) => boolean;
  readonly log?: (line: string) => void;
}

/** recorder adds a request to the book and returns its Recorder. */
export function recorder({ seen, counts, log }: Book, incoming: IncomingMessage): Recorder {
  const { method = '', url = '', headers } = incoming;
  const begin = performance.now();
  const writes = seen.filter(({ write }) => write !== undefined).length;
  let request: SeenRequest = {
    n: seen.length + 1,
    write: counts(method, url) ? writes + 1 : undefined,
    method,
    url,
    userAgent: headers['user-agent'] ?? '',
    contentType: headers['content-type'] ?? '',
    at: Date.now(),
    status: undefined,
    ms: undefined,
  };
  const index = seen.push(request) - 1;
  return {
    request,
    end(status) {
      if (request.ms !== undefined) return;
      const mine = seen[index] === request; // not of a time before a reset
      request = { ...request, status, ms: performance.now() - begin };
      if (mine) seen[index] = request;
      log?.(requestLine(request));
    },
  };
}
