import { connect, type TLSSocket } from 'node:tls';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { readUntrustedKubeconfig } from '../../lib/kube/untrusted-kubeconfig.ts';
import { done, stalled, wait, type Outcome } from '../../lib/reconcile/outcome.ts';

const TIMEOUT_MS = 10_000;
const RETRY_MS = 1000;

/**
 * authorityOutcome verifies that the certificate authority in `<cluster>-ca`, which every new machine will
 * trust, signed the current certificate of the API server. A cluster without this Secret has an external
 * authority: there is nothing to verify.
 */
export async function authorityOutcome(
  cluster: string,
  objects: readonly KubeObject[],
): Promise<Outcome> {
  const secret = kubeconfigSecretOf(cluster);
  const authority = textIn(objects, `${cluster}-ca`, 'tls.crt');
  const kubeconfig = textIn(objects, secret.name, secret.key);
  if (authority === undefined || kubeconfig === undefined) return done;
  let server: string;
  try {
    ({ server } = readUntrustedKubeconfig(kubeconfig, `Secret ${secret.name}`));
  } catch (error) {
    const message = `${messageOf(error)}: delete the Secret so that Cluster API creates it again`;
    return stalled('KubeconfigUnreadable', message);
  }
  return handshake(new URL(server), authority);
}

function textIn(objects: readonly KubeObject[], name: string, key: string): string | undefined {
  const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
  const value = recordIn(secret, 'data')?.[key];
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

function handshake(server: URL, ca: string): Promise<Outcome> {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(server.port || '443'),
      ca,
      // Only the signer matters here; clients of the API server check the host name.
      checkServerIdentity: () => undefined,
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    });
    function end(outcome: Outcome): void {
      socket.destroy();
      resolve(outcome);
    }
    socket.once('secureConnect', () => end(judged(socket, server)));
    socket.once('timeout', () => end(unreachable(server, new Error('no answer in time'))));
    socket.once('error', (error) => end(unreachable(server, error)));
  });
}

function judged(socket: TLSSocket, server: URL): Outcome {
  if (socket.authorized) return done;
  return stalled(
    'AuthorityMismatch',
    `The API server at ${server.host} has a certificate that is not signed by the certificate authority of the cluster (${String(socket.authorizationError)}): find out whose API server it is before you hand the cluster over`,
  );
}

function unreachable(server: URL, error: unknown): Outcome {
  return wait(
    'WorkloadUnreachable',
    `Waiting for the API server of the cluster at ${server.host} to check its certificate: ${messageOf(error)}`,
    RETRY_MS,
  );
}
