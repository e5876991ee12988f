import {
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { UsageError, type Wanted } from '../arguments.ts';
import { unreadText, type Subject } from '../core/snapshot.ts';
import type { Reader } from './reader.ts';

/** Found is the requested ManagedCluster, with the composite of a claim. */
export interface Found {
  readonly subject: Subject;
  readonly claim?: KubeObject;
  readonly composite?: KubeObject;
}

/**
 * findSubject looks up a claim and a namespaced composite by name. Fails with UsageError when both exist,
 * and with an Error when neither exists or can be read.
 */
export async function findSubject(
  reader: Reader,
  { name, flavour }: Wanted,
  namespace: string,
): Promise<Found> {
  const [claim, composite] = await Promise.all([
    flavour === 'composite' ? undefined : reader.get({ ...MANAGED_CLUSTER_CLAIM, namespace, name }),
    flavour === 'claim'
      ? undefined
      : reader.get({ ...NAMESPACED_MANAGED_CLUSTER, namespace, name }),
  ]);
  if (claim !== undefined && composite !== undefined) {
    throw new UsageError(
      `both a claim and a namespaced composite ${name} exist in namespace ${namespace}: use managedcluster/${name} for the claim or namespacedmanagedcluster/${name} for the namespaced composite`,
    );
  }
  if (claim !== undefined) {
    const behind = await compositeOf(reader, claim);
    const subject: Subject = { flavour: 'claim', namespace, name };
    return { subject, claim, ...(behind === undefined ? {} : { composite: behind }) };
  }
  if (composite !== undefined) {
    return { subject: { flavour: 'composite', namespace, name }, composite };
  }
  throw new Error(await nowhere(reader, name, namespace));
}

async function compositeOf(reader: Reader, claim: KubeObject): Promise<KubeObject | undefined> {
  const name = recordIn(recordIn(claim, 'spec'), 'resourceRef')?.['name'];
  return typeof name === 'string' ? reader.get({ ...X_MANAGED_CLUSTER, name }) : undefined;
}

/** The error names the existing clusters, and the report of Teardown if the cluster was deleted. */
async function nowhere(reader: Reader, name: string, namespace: string): Promise<string> {
  const unread = reader.unread();
  if (unread.length > 0) {
    return `cannot find ManagedCluster ${name}: ${unreadText(unread).join('; ')}`;
  }
  const [claims, composites, report] = await Promise.all([
    reader.list({ ...MANAGED_CLUSTER_CLAIM, namespace }),
    reader.list({ ...NAMESPACED_MANAGED_CLUSTER, namespace }),
    reader.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `${name}-teardown` }),
  ]);
  const names = [...claims, ...composites].map(({ metadata }) => metadata.name);
  const there = names.length === 0 ? 'none exists there' : `existing: ${names.join(', ')}`;
  const gone =
    report === undefined
      ? ''
      : `; it was deleted, see the report of its teardown: kubectl -n ${namespace} get configmap ${name}-teardown -o yaml`;
  return `ManagedCluster ${name} does not exist in namespace ${namespace} (${there})${gone}`;
}
