import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { clientFromFile } from '../../../lib/kube/client.ts';
import type { Side } from '../../../lib/apis/ownership.ts';
import { worldFile } from '../world.ts';
import { NAMESPACE } from './attack.ts';

const RBAC = 'rbac.authorization.k8s.io';
const WRITER = 'e2e-writer';
const FENCER = 'e2e-fencer';

/** STAMP is the mark by which the provider knows its own objects. */
export const STAMP = 'managedcluster.io/composite-uid';

/**
 * WRITERS are two users who may write Clusters, ConfigMaps and Secrets, as `edit` of a namespace with Cluster API may;
 * the second one has the verb of the fence too.
 */
export const WRITERS = { tenant: WRITER, fencer: FENCER } as const;

/** grantWriters creates the permissions of {@link WRITERS}. */
export async function grantWriters(api: KubeApi): Promise<void> {
  const all = ['get', 'list', 'create', 'update', 'patch', 'delete'];
  const rules = [
    { apiGroups: ['cluster.x-k8s.io'], resources: ['clusters'], verbs: all },
    { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: all },
  ];
  const fence = { apiGroups: ['m.managedcluster.io'], resources: ['clusters'], verbs: ['fence'] };
  for (const object of [...bound(WRITER, rules), ...bound(FENCER, [...rules, fence])]) {
    // oxlint-disable-next-line no-await-in-loop -- four objects
    await api.apply(object, { fieldManager: 'e2e', force: true });
  }
}

function bound(name: string, rules: readonly object[]): readonly KubeObject[] {
  const metadata = { name, namespace: NAMESPACE };
  const apiVersion = `${RBAC}/v1`;
  return [
    { apiVersion, kind: 'Role', metadata, rules },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: [{ apiGroup: RBAC, kind: 'User', name }],
    },
  ];
}

/** asUser is a client of a side under another name. */
export function asUser(side: Side, user: string): KubeApi {
  return clientFromFile(worldFile()[side].kubeconfig, undefined, { impersonate: user });
}

/** MarkCase is a change of marks by a user who may write the object, and a part of the refusal. */
export interface MarkCase {
  readonly reason: string;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly labels?: Readonly<Record<string, string | null>>;
  /** Absent: everybody may. */
  readonly says?: string;
}

/** clusterMarks are changes of a held Cluster with owner `management` and epoch 4, paused. */
export const clusterMarks: readonly MarkCase[] = [
  { reason: 'another label', labels: { team: 'a' } },
  {
    reason: 'another owner at a higher epoch',
    annotations: { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '5' },
    says: 'the annotations of the fence are changed by a Pivot',
  },
  {
    reason: 'a higher epoch alone',
    annotations: { 'managedcluster.io/epoch': '5' },
    says: 'the annotations of the fence are changed by a Pivot',
  },
  {
    reason: 'the mark of a Pivot',
    annotations: { 'managedcluster.io/pivot': 'any' },
    says: 'the annotations of the fence are changed by a Pivot',
  },
  { reason: 'no hold', labels: { [HOLD_LABEL]: null }, says: 'is removed by the teardown' },
];

/** mapMarks are changes of a ConfigMap that the provider created. */
export const mapMarks: readonly MarkCase[] = [
  { reason: 'another annotation', annotations: { note: 'a' } },
  { reason: 'a hold', labels: { [HOLD_LABEL]: '' } },
  {
    reason: 'another stamp',
    annotations: { [STAMP]: 'b' },
    says: 'says what the provider created',
  },
  { reason: 'no stamp', annotations: { [STAMP]: null }, says: 'says what the provider created' },
];
