import { GROUP } from '../../../lib/apis/kinds.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { clientFromFile } from '../../../lib/kube/client.ts';
import { worldFile } from '../world.ts';

/** ADOPTERS are two users with the ClusterRole `edit` of the product; the second one has the verb `adopt` too. */
export const ADOPTERS = { editor: 'e2e-editor', adopter: 'e2e-adopter' } as const;

const RBAC = 'rbac.authorization.k8s.io';

/** grantAdopters creates the permissions of {@link ADOPTERS} in a namespace. */
export async function grantAdopters(api: KubeApi, namespace: string): Promise<void> {
  const { editor, adopter } = ADOPTERS;
  const apiVersion = `${RBAC}/v1`;
  const metadata = { name: adopter, namespace };
  const rules = [{ apiGroups: [GROUP], resources: ['clusters'], verbs: ['adopt'] }];
  const subjects = [editor, adopter].map((name) => ({ apiGroup: RBAC, kind: 'User', name }));
  const edit = { apiGroup: RBAC, kind: 'ClusterRole', name: 'managed-cluster:edit' };
  const own = { apiGroup: RBAC, kind: 'Role', name: adopter };
  const kind = 'RoleBinding';
  for (const object of [
    { apiVersion, kind: 'Role', metadata, rules },
    { apiVersion, kind, metadata: { name: editor, namespace }, roleRef: edit, subjects },
    { apiVersion, kind, metadata, roleRef: own, subjects: subjects.slice(1) },
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- three objects
    await api.apply(object, { fieldManager: 'e2e', force: true });
  }
}

/** asUser is a client of the management side under another name. */
export function asUser(user: string): KubeApi {
  return clientFromFile(worldFile().management.kubeconfig, undefined, { impersonate: user });
}
