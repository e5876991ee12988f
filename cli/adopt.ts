import { readFile } from 'node:fs/promises';
import { CLUSTER } from '../capi/kinds.ts';
import { AGENT_NAMESPACE } from '../lib/apis/agent.ts';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import { MANAGEMENT_ANNOTATION, OWNER_ANNOTATION } from '../lib/apis/ownership.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { messageOf, wrapError } from '../lib/errors.ts';
import type { KubeApi, ObjectRef } from '../lib/kube/api.ts';
import { isNoMatch } from '../lib/kube/errors.ts';
import type { AdoptQuestion } from './arguments.ts';
import { adoptionComment } from './core/adoption-notes.ts';
import { adoptionOf } from './core/adoption.ts';
import { ownershipOf } from './core/ownership.ts';
import { findCluster, kubectlFor } from './kubeconfig.ts';
import { manifestYaml } from './manifest-yaml.ts';

/**
 * adoptionManifest reads a cluster that manages itself, and returns the manifest with which a management side adopts
 * it. The kubeconfig is used to connect, and nothing of it is returned. Fails with a message for the user when the
 * cluster cannot be adopted.
 */
export async function adoptionManifest(
  question: AdoptQuestion,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<string> {
  const { subject, clusterKubeconfig: file } = question;
  const { api } = await findCluster({ kubeconfig: file }, environment, timeoutMs);
  const cluster = await selfManaged(api, question);
  const plan = await planIn(api, subject.name);
  const adoption = adoptionOf(subject, plan, managementOf(cluster));
  const unusable = await refusalOf(file);
  const comment = adoptionComment({
    subject,
    cluster,
    adoption,
    kubectl: kubectlFor(question),
    file,
    ...(unusable === undefined ? {} : { unusable }),
  });
  return `${comment.join('\n')}\n${await manifestYaml(adoption.objects)}`;
}

/** A cluster that an earlier version of the product handed over does not say, and then every value is right. */
function managementOf({ metadata }: KubeObject): string {
  return metadata.annotations?.[MANAGEMENT_ANNOTATION] ?? 'unknown';
}

async function selfManaged(api: KubeApi, { subject }: AdoptQuestion): Promise<KubeObject> {
  const { namespace, name } = subject;
  const cluster = await read(api, { ...CLUSTER, namespace, name });
  if (cluster === undefined) {
    throw new Error(
      `the cluster has no Cluster ${namespace}/${name}, so it does not manage itself, or has another name there: list the names with kubectl get clusters.cluster.x-k8s.io -A and the kubeconfig of the cluster`,
    );
  }
  const { owner } = ownershipOf(cluster);
  if (owner === 'workload') return cluster;
  throw new Error(
    `Cluster ${namespace}/${name} in the cluster has owner ${owner}: only a cluster that manages itself can be adopted (annotation ${OWNER_ANNOTATION}: workload)`,
  );
}

async function planIn(api: KubeApi, name: string): Promise<KubeObject> {
  const plan = await read(api, { ...CLUSTER_PLAN, namespace: AGENT_NAMESPACE, name });
  if (plan !== undefined) return plan;
  throw new Error(
    `the cluster has no ClusterPlan ${AGENT_NAMESPACE}/${name}, so it does not say what it was asked for: write the manifest as the previous one was, with spec.adoptFrom`,
  );
}

/** The object; undefined if it does not exist or its kind is not served. */
async function read(api: KubeApi, ref: ObjectRef): Promise<KubeObject | undefined> {
  try {
    return await wrapError(
      `read ${ref.kind} ${ref.namespace}/${ref.name} in the cluster`,
      api.get(ref),
    );
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw error;
  }
}

/** Why the management side would not use the file: it runs no programs and reads no files that a kubeconfig names. */
async function refusalOf(file: string): Promise<string | undefined> {
  const { readUntrustedKubeconfig } = await import('../lib/kube/untrusted-kubeconfig.ts');
  try {
    readUntrustedKubeconfig(await readFile(file, 'utf8'), file);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
