import type { KubeApi } from '../../lib/kube/api.ts';
import { type Bounds, UNTRUSTED } from '../../lib/kube/bounds.ts';
import { untrustedClient } from '../../lib/kube/untrusted-client.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
  type WireRequest,
} from './scripted-server.ts';

/** HOSTILE_MAP is the object that tests ask a hostile server for; its kind is the only one that is served. */
export const HOSTILE_MAP = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns', name: 'a' };

const DISCOVERY = { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] };

/** HostileOptions change the bounds and the timeout of the client of a {@link hostileServer}. */
export interface HostileOptions {
  readonly bounds?: Partial<Bounds>;
  readonly timeoutMs?: number;
}

/** A workload cluster's API server that answers as the script says, and the product's client of it. */
export async function hostileServer(
  script: (request: WireRequest) => WireAnswer | undefined,
  { bounds = {}, timeoutMs = 20_000 }: HostileOptions = {},
): Promise<{ readonly server: ScriptedServer; readonly api: KubeApi }> {
  const server = await scriptedServer((request) =>
    request.url === '/api/v1' ? { body: DISCOVERY } : script(request),
  );
  const config = {
    server: server.url,
    authority: undefined,
    tlsServerName: undefined,
    token: 't',
    certificate: undefined,
    key: undefined,
  };
  const limits = { ...UNTRUSTED, ...bounds };
  return { server, api: untrustedClient(config, { userAgent: 'me', timeoutMs, bounds: limits }) };
}

/** The chunk for ever, after a beginning. */
export function* endless(begin: string, chunk: string): Generator<string> {
  yield begin;
  for (;;) yield chunk;
}

/** The failure of some work; a text if it did not fail. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}
