import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import { codeOf, messageOf, TerminalError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { formatAddress } from './address.ts';
import type { Address } from './address.ts';
import type { CertificateFiles, Certificates } from './certificates.ts';
import { refusalOf } from './client-trust.ts';

/** Listener takes connections and hands on those that may come in. */
export interface Listener {
  /** The port that is really bound. */
  readonly port: number;
  /** Takes no more connections; those that are there stay. */
  close(): void;
  /** Cuts off every connection. */
  destroy(): void;
}

/** ListenerDeps are what every listener needs. */
export interface ListenerDeps {
  readonly address: Address;
  readonly log: Logger;
  /** Gets each connection that is let in. */
  readonly accept: (socket: Socket) => void;
}

/** TlsListener can change its certificates while it listens. */
export interface TlsListener extends Listener {
  /** Holds for new connections; those that are there stay. */
  renew(certificates: Certificates): void;
}

/** A peer that does not finish the handshake is cut off after this time. */
const HANDSHAKE_MS = 10_000;

/** Listens in plain text and lets everybody in. */
export function listenInsecurely({ accept, ...deps }: ListenerDeps): Promise<Listener> {
  return listen(createPlainServer({ keepAlive: true }, accept), deps);
}

/**
 * Listens with TLS and lets in only clients whose certificate {@link refusalOf} finds nothing
 * against. A refusal is logged with its reason and the peer's address, never with the certificate.
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
      // OpenSSL's verdict is wrong for real core; refusalOf decides instead, right below.
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
  // Port scans and probes that only open the port end up here; they are no news.
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
  // Such as no file descriptor left: the connection is lost, the server goes on.
  server.on('error', (error) => log.error({ error: messageOf(error) }, 'cannot accept'));
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
      return 'another process has the port: stop it, or choose another port with --address';
    case 'EACCES':
      return `port ${port} needs more rights: choose one above 1023 with --address`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: choose one with --address, or 0.0.0.0 for all`;
    default:
      return 'choose another address with --address';
  }
}
