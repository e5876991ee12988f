import { randomBytes } from 'node:crypto';
import {
  RunFunctionResponse,
  Severity,
  Target,
  type RunFunctionRequest,
} from '@crossplane-org/function-sdk-typescript';
import type { ClusterEventReason } from '../../lib/apis/reasons/managed-cluster.ts';
import { causesOf, messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { Answer } from './function-service.ts';

/** Run is the function itself: it maps the observed to the desired state. It throws only if it has a bug. */
export type Run = (
  request: RunFunctionRequest,
) => RunFunctionResponse | Promise<RunFunctionResponse>;

/** Core's gRPC client accepts at most the default of grpc-go (facts/crossplane.md 8.2, 4). */
const CORE_LIMIT_BYTES = 4 * 1024 * 1024;

const LOGGED_CHARACTERS = 200;

/**
 * Wraps a function for the server: logs one line per call at debug level, and turns a thrown error (or a
 * response that cannot be encoded) into a FATAL result. The result contains a reference to the log entry.
 * The error itself is not shown to users, because it can quote the request.
 */
export function answerWith(run: Run, log: Logger): Answer {
  return async (request, protocol) => {
    const started = performance.now();
    const tag = request.meta?.tag ?? '';
    // Created on demand: a logger for each call is expensive.
    function call(): Logger {
      return log.child({ protocol, tag, composite: compositeIn(request) });
    }
    try {
      const response = await run(request);
      const bytes = encode(response);
      if (log.isLevelEnabled('debug')) {
        const ms = Math.round(performance.now() - started);
        const phase = phaseIn(response);
        const said = { ms, bytes: bytes.length, ...(phase === undefined ? {} : { phase }) };
        call().debug(said, 'answered');
      }
      if (bytes.length > CORE_LIMIT_BYTES) {
        call().warn(
          { bytes: bytes.length },
          'the response is larger than Crossplane accepts (4 MiB)',
        );
      }
      return bytes;
    } catch (error) {
      const reference = randomBytes(4).toString('hex');
      call().error({ reference, ...traceOf(error) }, 'the function failed because of a bug');
      return encode(bugResponse(tag, reference));
    }
  };
}

/** The stack and a shortened message, because the message can quote the request. */
function traceOf(error: unknown): { error: string; stack: readonly string[] } {
  const frames = causesOf(error).flatMap(({ stack = '' }) => stack.match(/^ {4}at .*$/gm) ?? []);
  return {
    error: messageOf(error).slice(0, LOGGED_CHARACTERS),
    stack: frames.map((at) => at.trim()),
  };
}

function encode(response: RunFunctionResponse): Buffer {
  return Buffer.from(RunFunctionResponse.encode(response).finish());
}

/** No TTL: Crossplane retries a FATAL result with back-off, and must not cache the response. */
function bugResponse(tag: string, reference: string): RunFunctionResponse {
  return RunFunctionResponse.fromPartial({
    meta: { tag },
    results: [
      {
        severity: Severity.SEVERITY_FATAL,
        target: Target.TARGET_COMPOSITE_AND_CLAIM,
        reason: 'FunctionBug' satisfies ClusterEventReason,
        message:
          'The function failed because of a bug; nothing was changed. ' +
          `Please report it with the entry for reference ${reference} in the log of the function`,
      },
    ],
  });
}

/** `Kind namespace/name` of the composite, for the log. */
function compositeIn({ observed }: RunFunctionRequest): string {
  const resource: unknown = observed?.composite?.resource;
  const metadata = field(resource, 'metadata');
  const names = [field(metadata, 'namespace'), field(metadata, 'name')];
  return `${text(field(resource, 'kind'))} ${names
    .filter((name) => name !== undefined)
    .map(text)
    .join('/')}`;
}

function phaseIn({ desired }: RunFunctionResponse): string | undefined {
  const phase = field(field(desired?.composite?.resource, 'status'), 'phase');
  return typeof phase === 'string' ? phase : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '?';
}
