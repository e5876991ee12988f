import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { secretText } from '../../lib/core/secret-data.ts';
import { messageOf } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { USER_AGENT } from '../connection.ts';
import { isUnread, type Snapshot, type Workload } from '../core/snapshot.ts';
import { readerOf, type Reader } from './reader.ts';
import { readSide } from './side.ts';

/** Timeout for the workload side. */
const PATIENCE_MS = 5000;

/**
 * readWorkload reads the workload side through the Secret with its kubeconfig. An error is recorded and
 * never fails the command: a workload cluster may be unreachable for good reasons.
 */
export async function readWorkload(
  reader: Reader,
  snapshot: Snapshot,
  secret: Snapshot['kubeconfigSecret'],
): Promise<Workload> {
  if (secret === undefined) return { kind: 'NotYet' };
  const { namespace, name } = snapshot.subject;
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: secret.name };
  const object = await reader.get(ref);
  if (object === undefined) {
    const hidden = isUnread({ ...snapshot, unread: reader.unread() }, 'Secret');
    return hidden
      ? {
          kind: 'Unknown',
          why: `Secret ${secret.name} with its kubeconfig is not readable with your permissions`,
        }
      : {
          kind: 'Unknown',
          why: `Secret ${secret.name} with its kubeconfig does not exist`,
        };
  }
  const text = secretText(object, secret.key);
  if (text === undefined) {
    const why = `Secret ${secret.name} has no key ${secret.key}`;
    return { kind: 'Unknown', why };
  }
  let api: KubeApi;
  try {
    api = await untrusted(text, `Secret ${namespace}/${secret.name}`);
  } catch (error) {
    return { kind: 'Unknown', why: messageOf(error) };
  }
  try {
    return await within(look(readerOf(api), { namespace, name }));
  } catch (error) {
    const why = `it does not answer: ${messageOf(error)}`;
    return { kind: 'Unknown', why, cause: 'NoAnswer' };
  }
}

/** Loaded lazily: the YAML library takes longer to load than the rest of this program. */
async function untrusted(text: string, where: string): Promise<KubeApi> {
  const [{ readUntrustedKubeconfig }, { untrustedClient }] = await Promise.all([
    import('../../lib/kube/untrusted-kubeconfig.ts'),
    import('../../lib/kube/untrusted-client.ts'),
  ]);
  const options = { timeoutMs: PATIENCE_MS, userAgent: USER_AGENT };
  return untrustedClient(readUntrustedKubeconfig(text, where), options);
}

async function look(
  there: Reader,
  target: { readonly namespace: string; readonly name: string },
): Promise<Workload> {
  const type = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: AGENT_NAMESPACE };
  const [objects, deployments] = await Promise.all([readSide(there, target), there.list(type)]);
  return { kind: 'Reached', objects, deployments };
}

/** One timeout for all requests together. */
async function within<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
