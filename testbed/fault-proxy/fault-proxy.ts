import { once } from 'node:events';
import https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kubeconfig, type ClientCredentials } from '../kubeconfig.ts';
import { siteAddresses, SITE_NAMES, apiServerUrl, type SiteName } from '../network/address-plan.ts';
import { issueCertificate, type CertificateAuthority } from '../pki/certificate.ts';
import { isSteadyWrite } from './api-request.ts';
import { startDelayRelay, type DelayRelay } from './delay-relay.ts';
import { createFaults, type Faults } from './faults.ts';
import { createForwarder, type Forwarder } from './forward.ts';
import { handle } from './handle.ts';
import { createMoments, type Moment } from './moments.ts';
import { recorder } from './recorder.ts';
import type { SeenRequest } from './seen-request.ts';

/** FaultProxyOptions are the API server of a proxy, and its callbacks. */
export interface FaultProxyOptions {
  /** The API server: its URL and its CA, which also signs the certificate of the proxy. */
  readonly target: { readonly url: string; readonly authority: CertificateAuthority };
  /**
   * Address at which clients reach this process; it goes into kubeconfigs and the certificate.
   * 127.0.0.1 when absent.
   */
  readonly host?: string;
  /** Credentials that replace those of the client. */
  readonly credentials?: ClientCredentials;
  /** Which requests count as writes; `isSteadyWrite` by default. */
  readonly counts?: (method: string, url: string) => boolean;
  /** Called after each request. */
  readonly log?: (line: string) => void;
}

/**
 * FaultProxy is a proxy for one API server that records every request and can inject faults. It terminates
 * TLS, so client certificates are not passed on: clients use a bearer token, or the proxy uses its own
 * `credentials`. It uses HTTP/1.1.
 */
export interface FaultProxy {
  readonly url: string;
  /** A kubeconfig for this proxy; without a token if the proxy has its own credentials. */
  kubeconfig(token?: string): string;
  /** All requests since the start or the last {@link reset}, finished or not. */
  readonly requests: readonly SeenRequest[];
  /** The requests that count as writes. */
  readonly writes: readonly SeenRequest[];
  /**
   * Calls back once at the n-th write (from 1, since the start or the last {@link reset}): `before` it is
   * forwarded, or `after` the server has answered and before the client gets the response. The request
   * waits for the callback; `drop` then closes the connection, so that the write never happens or its
   * response is lost. Returns a function that removes the callback.
   */
  onWrite(n: number, when: 'before' | 'after', callback: Moment): () => void;
  readonly faults: Faults;
  /** Latency and cuts, only between the clients and this server. */
  readonly wire: Pick<DelayRelay, 'delay' | 'cut' | 'join'>;
  /** Restarts the counts and removes callbacks and faults; latency and cuts are kept. */
  reset(): void;
  close(): Promise<void>;
}

/** startFaultProxy starts a proxy in this process. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, host = '127.0.0.1', counts = isSteadyWrite } = options;
  const seen: SeenRequest[] = [];
  const moments = createMoments();
  const faults = createFaults();
  const forwarder = createForwarder(target, options.credentials);
  const book = { seen, counts, ...(options.log && { log: options.log }) };
  const server = await listen(options, host, (request, response) => {
    const context = { record: recorder(book, request), faults, moments, forwarder };
    handle(request, response, context).catch(() => response.destroy());
  });
  const inner = server.address() as AddressInfo;
  const relay = await startDelayRelay({ target: { host: '127.0.0.1', port: inner.port } });
  const url = `https://${host}:${relay.port}`;
  return {
    url,
    kubeconfig: (token = 'none') =>
      kubeconfig({
        server: url,
        authority: target.authority.certificate,
        credentials: { token },
      }),
    get requests() {
      return [...seen];
    },
    get writes() {
      return seen.filter(({ write }) => write !== undefined);
    },
    onWrite: (n, when, callback) => moments.add(n, when, callback),
    faults,
    wire: relay,
    reset() {
      seen.length = 0;
      moments.clear();
      faults.clear();
    },
    close: () => close(relay, server, forwarder),
  };
}

/** targetOf is the API server of a site, as reachable from this process. */
export function targetOf(site: {
  readonly name: SiteName;
  readonly authority: CertificateAuthority;
}): FaultProxyOptions['target'] {
  return { url: apiServerUrl(site.name), authority: site.authority };
}

async function listen(
  { target }: FaultProxyOptions,
  host: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<https.Server> {
  const ends = SITE_NAMES.map((site) => siteAddresses(site).driver.driverEnd);
  const pair = await issueCertificate(target.authority, {
    commonName: 'fault-proxy',
    ips: [...new Set(['127.0.0.1', host, ...ends])],
    usages: ['serverAuth'],
  });
  const server = https.createServer({ cert: pair.certificate, key: pair.privateKey }, handler);
  server.requestTimeout = 0; // a stalled request lasts as long as its client wants
  server.keepAliveTimeout = 90_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(relay: DelayRelay, server: https.Server, forwarder: Forwarder): Promise<void> {
  await relay.close();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  forwarder.close();
  await closed;
}
