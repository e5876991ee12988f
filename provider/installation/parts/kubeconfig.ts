import { CLUSTER } from '../../../capi/kinds.ts';
import { kubeconfigSecretOf } from '../../../capi/object-names.ts';
import { CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import { canonicalJson } from '../../../lib/core/hash.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError, messageOf } from '../../../lib/errors.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import {
  kubeconfigText,
  readUntrustedKubeconfig,
  RefusedKubeconfigError,
  type UntrustedKubeconfig,
} from '../../../lib/kube/untrusted-kubeconfig.ts';
import { doneWith, stalled } from '../../../lib/reconcile/outcome.ts';
import { factsOf } from '../../certificates/read.ts';
import {
  isExpiring,
  type KubeconfigFacts,
  renewalOf,
} from '../../core/installation/kept-kubeconfig.ts';
import { ownershipOf } from '../../core/pivot/ownership.ts';
import { workloadClient } from '../../workload-clients.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';
import { isReplaced, shutOthers } from '../shut-others.ts';
import { base64, secretText } from '../../../lib/core/secret-data.ts';

/** Connect creates a client from the accepted content of a kubeconfig. */
export type Connect = (config: UntrustedKubeconfig) => KubeApi;

/**
 * kubeconfig renews the kubeconfig of a self-managed cluster, and lets the cluster refuse the one before: Cluster
 * API renews the client certificate only inside the cluster, so the copy on the management side would expire after
 * a year. A kubeconfig that the claim refers to is managed by the user.
 */
export const kubeconfig: Part = keptKubeconfig(workloadClient);

/** keptKubeconfig is {@link kubeconfig} with `connect` to try new kubeconfigs. */
export function keptKubeconfig(connect: Connect): Part {
  return {
    name: 'Kubeconfig',
    needs: ['Target'],
    async run(scope: Scope): Promise<PartOutcome> {
      const outcome = await renewed(scope, connect);
      if (outcome.kind !== 'Done') return outcome;
      // From then on the cluster refuses the certificate that the management side used before the handover.
      const remark = await shutOthers(scope);
      return remark === undefined ? outcome : doneWith({ remark });
    },
  };
}

async function renewed(scope: Scope, connect: Connect): Promise<PartOutcome> {
  const found = await keptAndOffered(scope);
  if (found === undefined) return doneWith({});
  const { kept, facts, offered } = found;
  if (offered instanceof RefusedKubeconfigError) {
    return standing(scope, facts, notWorking(offered));
  }
  const renewal = renewalOf(facts, kubeconfigFacts(offered), found.replaced);
  if (offered === undefined || renewal === 'Keep') return standing(scope, facts);
  if (renewal === 'OtherServer') {
    return standing(
      scope,
      facts,
      'the kubeconfig in the cluster has another server or certificate authority',
    );
  }
  const problem = await tried(scope, connect, offered);
  if (problem !== undefined) return standing(scope, facts, problem);
  await takeOver(scope, kept, offered);
  return standing(scope, kubeconfigFacts(offered) ?? facts);
}

interface Found {
  /** The Secret on the management side. */
  readonly kept: KubeObject;
  readonly facts: KubeconfigFacts;
  /** The content of the Secret of the same name in the cluster; undefined if it is not a kubeconfig. */
  readonly offered: UntrustedKubeconfig | RefusedKubeconfigError | undefined;
  /** The handover has given the cluster another certificate. */
  readonly replaced: boolean;
}

/**
 * Undefined while the management side owns the cluster, and if there is no kubeconfig of Cluster API to
 * renew.
 */
async function keptAndOffered(scope: Scope): Promise<Found | undefined> {
  const { deps, namespace, cluster } = scope;
  if (!isMeant(scope)) return undefined;
  const { name, key } = kubeconfigSecretOf(cluster);
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name };
  const workload = await scope.workload();
  const [kept, offered, owner] = await Promise.all([
    deps.management.get(ref),
    workload.get(ref),
    workload.get({ ...CLUSTER, namespace, name: cluster }),
  ]);
  if (owner === undefined || ownershipOf(owner).owner !== 'workload') return undefined;
  const where = `Secret ${namespace}/${name}`;
  const own = readIn(kept, key, where);
  const facts = own instanceof RefusedKubeconfigError ? undefined : kubeconfigFacts(own);
  const isKept = kept?.metadata.labels?.[CLUSTER_LABEL] === cluster;
  return isKept && facts !== undefined
    ? {
        kept,
        facts,
        offered: readIn(offered, key, `${where} of the cluster`),
        replaced: isReplaced(offered, kept, key),
      }
    : undefined;
}

function readIn(secret: KubeObject | undefined, key: string, where: string): Found['offered'] {
  try {
    return readUntrustedKubeconfig(secretText(secret, key) ?? '', where);
  } catch (error) {
    return error instanceof RefusedKubeconfigError ? error : undefined;
  }
}

/**
 * The facts of a kubeconfig with a client certificate, as Cluster API creates it; undefined for any other.
 */
function kubeconfigFacts(config: UntrustedKubeconfig | undefined): KubeconfigFacts | undefined {
  if (config?.certificate === undefined) return undefined;
  const { server, authority = '', tlsServerName = '', certificate } = config;
  const life = factsOf(Buffer.from(certificate, 'base64').toString('utf8'));
  const servers = canonicalJson({ server, authority, tlsServerName });
  return life && { servers, notAfter: life.notAfter };
}

/**
 * Whether the cluster was handed over and is reached by the kubeconfig of Cluster API (CAPI v1.14
 * util/secret).
 */
function isMeant({ cluster, installation, plan }: Scope): boolean {
  const { name, key } = installation.spec.kubeconfigSecretRef;
  const own = kubeconfigSecretOf(cluster);
  return plan?.spec.handedOver === true && name === own.name && key === own.key;
}

/** Undefined if the kubeconfig connects to the same cluster and is accepted there. */
async function tried(
  scope: Scope,
  connect: Connect,
  config: UntrustedKubeconfig,
): Promise<string | undefined> {
  try {
    const api = connect(config);
    const found = await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
    return found?.metadata.uid === (await scope.clusterUid())
      ? undefined
      : 'the kubeconfig in the cluster connects to another cluster';
  } catch (error) {
    return notWorking(error);
  }
}

function notWorking(error: unknown): string {
  return `the kubeconfig in the cluster does not work: ${messageOf(error)}`;
}

async function takeOver(
  { deps, installation, cluster }: Scope,
  kept: KubeObject,
  config: UntrustedKubeconfig,
): Promise<void> {
  const { uid, resourceVersion, name = '', namespace = '' } = kept.metadata;
  await wrapError(
    `renew the kubeconfig in Secret ${namespace}/${name}`,
    deps.management.patch(refOf(kept), {
      metadata: { uid, resourceVersion },
      // The managers of Cluster API also read this Secret, with a loader that runs programs and reads
      // files.
      data: { [kubeconfigSecretOf(cluster).key]: base64(kubeconfigText(config, cluster)) },
    }),
  );
  const message = 'Copied the kubeconfig that Cluster API renewed in the cluster';
  deps.events.event(installation, 'Normal', 'KubeconfigRenewed', message);
}

/** A failed renewal matters only when the current kubeconfig is about to expire. */
function standing(
  { now, namespace, cluster }: Scope,
  facts: KubeconfigFacts,
  problem?: string,
): PartOutcome {
  const remark = problem === undefined ? undefined : `Not renewed: ${problem}`;
  if (!isExpiring(facts, now.getTime())) return doneWith({ remark });
  const until = `${new Date(facts.notAfter).toISOString().slice(0, 19)}Z`;
  const secret = `Secret ${namespace}/${kubeconfigSecretOf(cluster).name}`;
  const why = remark === undefined ? '' : `. ${remark}`;
  return stalled(
    'KubeconfigExpiring',
    `The kubeconfig of the cluster expires at ${until}${why}: delete ${secret} in the cluster so that Cluster API creates it again, or put a valid kubeconfig into ${secret} on the management side`,
  );
}
