import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import { codeOf, messageOf, TerminalError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { formatAddress } from './address.ts';
import type { Address } from './address.ts';
import type { CertificateFiles, Certificates } from '../../lib/program/certificates.ts';
import { refusalOf } from './client-trust.ts';

/** Listener accepts connections and passes on those that are allowed. */
export interface Listener {
  /** The bound port. */
  readonly port: number;
  /** Accepts no new connections; existing ones stay open. */
  close(): void;
  /** Closes every connection. */
  destroy(): void;
}

/** ListenerDeps are the dependencies of every listener. */
export interface ListenerDeps {
  readonly address: Address;
  readonly log: Logger;
  /** Called with each allowed connection. */
  readonly accept: (socket: Socket) => void;
}

/** TlsListener can replace its certificates while it listens. */
export interface TlsListener extends Listener {
  /** Applies to new connections; existing ones are not affected. */
  renew(certificates: Certificates): void;
}

/** Timeout of the TLS handshake. */
const HANDSHAKE_MS = 10_000;

/** Listens in plain text and allows every client. */
export function listenInsecurely({ accept, ...deps }: ListenerDeps): Promise<Listener> {
  return listen(createPlainServer({ keepAlive: true }, accept), deps);
}

/**
 * Listens with TLS and allows only clients whose certificate {@link refusalOf} accepts. A refusal is logged
 * with its reason and the peer's address, never with the certificate.
 */
export async function listenMutualTls(
  { accept, ...deps }: ListenerDeps,
  certificates: Certificates,
): Promise<TlsListener> {
  const { log } = deps;
  let { authorities } = certificates;
  const tls = createTlsServer(
    {
      ...contextOf(certificates),
      ALPNProtocols: ['h2'],
      requestCert: true,
      // OpenSSL refuses Crossplane core; refusalOf decides instead, below.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_MS,
      keepAlive: true,
    },
    (socket) => {
      const reason = refusal(socket, authorities);
      if (reason === undefined) {
        accept(socket);
        return;
      }
      log.info({ reason, peer: socket.remoteAddress }, 'client refused');
      socket.destroy();
    },
  );
  // Port scans and TCP probes cause this error; they are logged at debug level only.
  tls.on('tlsClientError', (error, socket) => {
    log.debug({ error: messageOf(error), peer: socket.remoteAddress }, 'TLS handshake failed');
  });
  const listener = await listen(tls, deps);
  return {
    ...listener,
    renew(next): void {
      tls.setSecureContext(contextOf(next));
      ({ authorities } = next);
    },
  };
}

type SecureContext = Parameters<TlsServer['setSecureContext']>[0];

function contextOf({ ca, cert, key }: CertificateFiles): SecureContext {
  return { ca, cert, key, minVersion: 'TLSv1.2' };
}

function refusal(socket: TLSSocket, authorities: Certificates['authorities']): string | undefined {
  try {
    return refusalOf(socket.getPeerCertificate().raw, authorities, new Date());
  } catch {
    return 'the client certificate cannot be read';
  }
}

async function listen(server: Server, { address, log }: Omit<ListenerDeps, 'accept'>) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listening = once(server, 'listening');
  server.listen({ port: address.port, ...(address.host === '' ? {} : { host: address.host }) });
  try {
    await listening;
  } catch (cause) {
    throw new TerminalError(
      `cannot listen on ${formatAddress(address)}; ${adviceFor(cause, address)}`,
      { cause },
    );
  }
  // For example, no file descriptors left: the connection is lost, the server continues.
  server.on('error', (error) =>
    log.error({ error: messageOf(error) }, 'cannot accept a connection'),
  );
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : address.port,
    close(): void {
      server.close();
    },
    destroy(): void {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function adviceFor(error: unknown, { host, port }: Address): string {
  switch (codeOf(error) ?? '') {
    case 'EADDRINUSE':
      return 'another process uses the port: stop it, or choose another port with --address';
    case 'EACCES':
      return `port ${port} needs more privileges: choose a port above 1023 with --address`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: choose one with --address, or 0.0.0.0 for all`;
    default:
      return 'choose another address with --address';
  }
}
