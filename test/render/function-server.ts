import { runFunction } from '../../function/run-function.ts';
import { PROTOCOLS, type Protocol } from '../../function/server/function-service.ts';
import { serve } from '../../function/server/serve.ts';
import { call, connect, recordingLog, testOptions } from '../../function/testing/server/harness.ts';
import type { Ask } from './reconcile.ts';

/** FunctionServer is the function behind its real gRPC port, with a client to it. */
export interface FunctionServer {
  /** The versions of the protocol that it can be asked in. */
  readonly protocols: readonly Protocol[];
  /** A way to ask it in one version. */
  readonly ask: (protocol: Protocol) => Ask;
  readonly stop: () => Promise<void>;
}

/** Serves the function in this process, in plain text on a free port of the loopback. */
export async function startFunctionServer(): Promise<FunctionServer> {
  const options = testOptions({ kind: 'Insecure' });
  const server = await serve({ run: runFunction, options, log: recordingLog().log });
  const client = connect(server.port);
  return {
    protocols: PROTOCOLS,
    ask: (protocol) => (request) => call(client, request, protocol),
    stop: async () => {
      client.close();
      await server.stop();
    },
  };
}
