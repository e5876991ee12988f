import type { Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Logger } from '../../lib/log.ts';
import { readCertificates } from '../../lib/program/certificates.ts';
import { watchCertificates } from '../../lib/program/certificate-watch.ts';
import { formatAddress } from './address.ts';
import { answerWith } from './answer.ts';
import type { Run } from './answer.ts';
import { addFunctionService, PROTOCOLS, serviceName } from './function-service.ts';
import { addHealth } from './health.ts';
import { listenInsecurely, listenMutualTls } from './listener.ts';
import type { Listener, ListenerDeps } from './listener.ts';
import type { Options } from './options.ts';

/** ServeDeps are the dependencies of a server of the function. */
export interface ServeDeps {
  readonly run: Run;
  readonly options: Omit<Options, 'debug'>;
  readonly log: Logger;
  /** Interval in milliseconds between two reads of the certificates. */
  readonly certificatePollMs?: number;
}

/** RunningServer is a server that listens. */
export interface RunningServer {
  readonly port: number;
  /**
   * Shuts down gracefully: health reports NOT_SERVING, no new connection is accepted, and calls in flight
   * can finish until the deadline. Resolves when everything is closed; true if no call was interrupted.
   */
  stop(): Promise<boolean>;
}

/**
 * Serves the function in every version of its protocol, and gRPC health. Resolves when the port is bound.
 *
 * @throws Error if the certificates are invalid or the port cannot be bound; it says what to do
 */
export async function serve(deps: ServeDeps): Promise<RunningServer> {
  const { run, options, log } = deps;
  const server = new Server({ 'grpc.max_receive_message_length': options.maxReceiveBytes });
  addFunctionService(server, answerWith(run, log));
  const health = addHealth(server, PROTOCOLS.map(serviceName));
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const accepted = new Set<Socket>();
  let stopping: Promise<boolean> | undefined;
  const listener = await openListener(deps, (socket) => {
    // The calls on a broken connection handle the error; it must not end the process.
    socket.on('error', () => undefined);
    if (stopping) {
      socket.destroy();
      return;
    }
    accepted.add(socket);
    socket.once('close', () => accepted.delete(socket));
    injector.injectConnection(socket);
  });
  const { port } = listener;
  const address = formatAddress({ ...options.address, port });
  log.info({ address, transport: options.transport.kind }, 'serving');
  return {
    port,
    stop(): Promise<boolean> {
      stopping ??= end();
      return stopping;
    },
  };

  async function end(): Promise<boolean> {
    log.info({ deadlineMs: options.shutdownDeadlineMs }, 'stopping');
    health.stop();
    listener.close();
    // HTTP/2 cannot close a connection on which the peer never sent data, and would wait until the deadline.
    for (const socket of accepted) if (socket.bytesRead === 0) socket.destroy();
    const graceful = await drained(server, accepted, options.shutdownDeadlineMs);
    server.forceShutdown();
    listener.destroy();
    if (!graceful) log.warn('the shutdown deadline has passed; calls in flight were interrupted');
    log.info('stopped');
    return graceful;
  }
}

type Accept = ListenerDeps['accept'];

async function openListener(deps: ServeDeps, accept: Accept): Promise<Listener> {
  const { options, log, certificatePollMs } = deps;
  const { address, transport } = options;
  if (transport.kind === 'Insecure') {
    log.warn('TLS is disabled: every client is served');
    return listenInsecurely({ address, log, accept });
  }
  const dir = transport.certsDir;
  const certificates = await readCertificates(dir);
  const listener = await listenMutualTls({ address, log, accept }, certificates);
  const watch = watchCertificates(certificates, {
    dir,
    log,
    onChange: (next) => listener.renew(next),
    ...(certificatePollMs === undefined ? {} : { pollMs: certificatePollMs }),
  });
  return {
    ...listener,
    close(): void {
      watch.stop();
      listener.close();
    },
  };
}

/**
 * Reports whether all calls in flight ended before the deadline. The shutdown of grpc-js is not sufficient:
 * since Node 24 an HTTP/2 server closes its sessions itself, and grpc-js treats a closing session as closed.
 * A connection is closed when its last call has ended.
 */
async function drained(
  server: Server,
  connections: ReadonlySet<Socket>,
  deadlineMs: number,
): Promise<boolean> {
  const closed = [...connections].map((socket) => {
    return new Promise<void>((resolve) => socket.once('close', () => resolve()));
  });
  const shutdown = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  const graceful = await Promise.race([Promise.all([shutdown, ...closed]).then(() => true), late]);
  clearTimeout(timer);
  return graceful;
}
