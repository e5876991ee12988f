import { type CredentialRef, SECRET } from '../../capi/cloud.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { ObjectRef } from '../../lib/kube/api.ts';
import { cloudCredentials, type Copied, layerSecrets } from '../core/copied.ts';
import { objectIn, type Standing } from '../core/standing.ts';
import type { Target } from './standing.ts';

/** An identity can refer to another one, as in provider/installation/parts/credentials.ts. */
const LONGEST_CHAIN = 5;

/** Reads an object; undefined if it cannot be read, whatever the reason. */
type Read = (ref: ObjectRef) => Promise<KubeObject | undefined>;

/**
 * copiedInto lists the credentials that a revocation does not take back, by name: no Secret is read. It never fails,
 * because the revocation is over when it is asked.
 */
export async function copiedInto(target: Target, standing: Standing): Promise<Copied> {
  const { namespace, name } = target.subject;
  const { installation } = standing;
  const unread = new Set<string>(installation.kind === 'Unread' ? [AGENT_INSTALLATION.kind] : []);
  const read: Read = async (ref) => {
    try {
      return await target.api.get(ref);
    } catch {
      unread.add(ref.kind);
      return undefined;
    }
  };
  const head = objectIn(standing.head) ?? target.head;
  // The plan of the cluster that another ManagedCluster of this name has.
  const foreign = installation.kind === 'Foreign';
  const plan = foreign ? undefined : await read({ ...CLUSTER_PLAN, namespace, name });
  const secrets = layerSecrets(plan, head).map(
    (secret) => `Secret ${namespace}/${secret}, which layers of its profiles read`,
  );
  const identities = await identitiesOf(read, objectIn(installation) ?? head, namespace);
  return { names: [...identities, ...secrets], unread: [...unread] };
}

async function identitiesOf(
  read: Read,
  object: KubeObject | undefined,
  namespace: string,
): Promise<readonly string[]> {
  const { cloud, refs = [] } = cloudCredentials(object, namespace) ?? {};
  const found: CredentialRef[] = [];
  let open = refs;
  for (let depth = 0; open.length > 0 && depth < LONGEST_CHAIN; depth += 1) {
    found.push(...open);
    const others = open.filter(({ kind }) => kind !== SECRET.kind);
    // oxlint-disable-next-line no-await-in-loop -- each one refers to the next
    const objects = await Promise.all(others.map(read));
    open = objects
      .flatMap((one) => (one === undefined ? [] : (cloud?.credentialsNamedBy?.(one) ?? [])))
      .filter((ref) => cloud?.isOfController?.(ref) !== true);
  }
  return found.map(
    ({ kind, namespace: there, name }) =>
      `${kind} ${there === undefined ? name : `${there}/${name}`}, the identity of the cluster at its cloud`,
  );
}
