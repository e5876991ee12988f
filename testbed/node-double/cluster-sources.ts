import type { KubeApi } from '../../lib/kube/api.ts';
import type { Keyed, KeyedReader } from './env.ts';
import type { Pod, Projection } from './pod.ts';

/** Token is a ServiceAccount token. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch from which on it is to be renewed: four fifths of its life. */
  readonly renewAt: number;
}

/** Reads the Secrets and ConfigMaps of a namespace. */
export function keyedReader(api: KubeApi, namespace: string): KeyedReader {
  return async (kind, name) => {
    const object = await api.get({ apiVersion: 'v1', kind, namespace, name });
    if (object === undefined) return undefined;
    const { data = {}, binaryData = {} } = object as {
      data?: Readonly<Record<string, string>>;
      binaryData?: Readonly<Record<string, string>>;
    };
    const content: Record<string, Buffer> = {};
    const encoding = kind === 'Secret' ? 'base64' : 'utf8';
    for (const [key, value] of Object.entries(data)) content[key] = Buffer.from(value, encoding);
    for (const [key, value] of Object.entries(binaryData)) {
      content[key] = Buffer.from(value, 'base64');
    }
    return content satisfies Keyed;
  };
}

/** Asks for a token of the Pod's ServiceAccount, bound to the Pod as the kubelet does it. */
export async function requestToken(
  api: KubeApi,
  pod: Pod,
  source: NonNullable<Projection['serviceAccountToken']>,
): Promise<Token> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? 'default';
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const now = Date.now();
  const { status } = (await api.raw('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      audiences: source.audience === undefined ? [] : [source.audience],
      expirationSeconds: source.expirationSeconds ?? 3600,
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
    },
  })) as { readonly status: { readonly token: string; readonly expirationTimestamp: string } };
  const life = Date.parse(status.expirationTimestamp) - now;
  return { value: status.token, renewAt: now + life * 0.8 };
}
