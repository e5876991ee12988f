import type { Client } from '@grpc/grpc-js';
import { serve } from '../../server/serve.ts';
import { certificateDirectory } from '../../../lib/program/testing/certificate-directory.ts';
import type { CertificateDirectory } from '../../../lib/program/testing/certificate-directory.ts';
import { issueServer } from '../../../lib/program/testing/certificates.ts';
import type { Pair } from '../../../lib/program/testing/certificates.ts';
import { clientCredentials, connect, echo, recordingLog, testOptions } from './harness.ts';
import type { LogLine } from './harness.ts';

/** MutualTlsServer is a server of the function with its own certificates, and its observable state. */
export interface MutualTlsServer {
  readonly port: number;
  readonly directory: CertificateDirectory;
  readonly lines: readonly LogLine[];
  /** How often the function ran. */
  calls(): number;
  /** A client with a certificate or without one; `serverCa` is the CA that it trusts. It is closed with the server. */
  clientWith(pair: Pair | undefined, serverCa?: Pair): Client;
  /** Whether this message has been logged. */
  logged(message: string): boolean;
  stop(): Promise<void>;
}

/** Starts a server whose certificate is signed by `ca`; `bundle` is its ca.crt. It polls with a short interval. */
export async function startMutualTlsServer(ca: Pair, bundle = ca.cert): Promise<MutualTlsServer> {
  const directory = await certificateDirectory(await issueServer(ca), bundle);
  const { log, lines } = recordingLog();
  const clients: Client[] = [];
  let calls = 0;
  const server = await serve({
    run: (request) => {
      calls += 1;
      return echo(request);
    },
    log,
    options: testOptions({ kind: 'MutualTls', certsDir: directory.path }),
    certificatePollMs: 50,
  });
  const { port } = server;
  return {
    port,
    directory,
    lines,
    calls: () => calls,
    clientWith(pair, serverCa = ca) {
      const client = connect(port, clientCredentials(serverCa.cert, pair));
      clients.push(client);
      return client;
    },
    logged: (message) => lines.some(({ msg }) => msg === message),
    async stop() {
      for (const client of clients) client.close();
      await server.stop();
      await directory.remove();
    },
  };
}
