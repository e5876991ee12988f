import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { createLogger } from '../../../lib/log.ts';
import type { Logger } from '../../../lib/log.ts';
import type { Run } from '../../server/answer.ts';
import type { Protocol } from '../../server/function-service.ts';
import type { Options, Transport } from '../../server/options.ts';
import type { Pair } from '../../../lib/program/testing/certificates.ts';

const { runFunction } = FunctionRunnerServiceService;

/** LogLine is a parsed line of a log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Returns a debug logger and the lines that it has written so far. */
export function recordingLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = createLogger('debug', {
    write: (line) => {
      lines.push(JSON.parse(line));
    },
  });
  return { log, lines };
}

/** Options of a server on a free port of the loopback interface. */
export function testOptions(
  transport: Transport,
  overrides: Partial<Options> = {},
): Omit<Options, 'debug'> {
  return {
    address: { host: '127.0.0.1', port: 0 },
    transport,
    maxReceiveBytes: 64 * 1024 * 1024,
    shutdownDeadlineMs: 5000,
    ...overrides,
  };
}

/** A function that answers with the request's tag. */
export const echo: Run = ({ meta }) =>
  RunFunctionResponse.fromPartial({ meta: { tag: meta?.tag ?? '' } });

/** A request with a tag, for a composite named `demo`. */
export function aRequest(tag: string, padding = ''): RunFunctionRequest {
  const resource = {
    kind: 'ManagedCluster',
    metadata: { namespace: 'team', name: 'demo' },
    padding,
  };
  return RunFunctionRequest.fromPartial({ meta: { tag }, observed: { composite: { resource } } });
}

/** Connects a client to a server on the loopback interface; the caller must close it. */
export function connect(
  port: number,
  creds: ChannelCredentials = credentials.createInsecure(),
): Client {
  return new Client(`127.0.0.1:${port}`, creds, {
    'grpc.max_send_message_length': -1,
    'grpc.ssl_target_name_override': 'localhost',
  });
}

/** Credentials of a client: its certificate, if any, and the CA of the server. */
export function clientCredentials(serverCa: string, client?: Pair): ChannelCredentials {
  const ca = Buffer.from(serverCa);
  return client
    ? credentials.createSsl(ca, Buffer.from(client.key), Buffer.from(client.cert))
    : credentials.createSsl(ca);
}

/** Calls the function; a call that takes more than five seconds fails. */
export function call(
  client: Client,
  request: RunFunctionRequest,
  protocol: Protocol = 'v1',
): Promise<RunFunctionResponse> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      runFunction.path.replace('.v1.', `.${protocol}.`),
      runFunction.requestSerialize,
      runFunction.responseDeserialize,
      request,
      { deadline: Date.now() + 5000 },
      (error, response) => (response ? resolve(response) : reject(error ?? new Error('no answer'))),
    );
  });
}

/** Waits until the condition holds; fails after five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not hold within five seconds');
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
