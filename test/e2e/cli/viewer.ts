import { readFileSync, writeFileSync } from 'node:fs';
import { recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { fileIn } from './program.ts';
import { worldFile } from '../world.ts';

/**
 * viewer makes a user who has the ClusterRole `view` in one namespace and nothing else, and gives the
 * path of a kubeconfig for it.
 */
export async function viewer(api: KubeApi, namespace: string): Promise<string> {
  const name = 'viewer';
  const options = { fieldManager: 'e2e', force: true };
  await api.apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    options,
  );
  await api.apply(
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    options,
  );
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const answer = await api.raw('POST', path, request);
  const file = fileIn('viewer.kubeconfig');
  const config = JSON.parse(readFileSync(worldFile().management.kubeconfig, 'utf8')) as {
    users: readonly { readonly name: string }[];
  };
  const user = { token: recordIn(answer, 'status')?.['token'] };
  const users = config.users.map((one) => ({ name: one.name, user }));
  writeFileSync(file, JSON.stringify({ ...config, users }), { mode: 0o600 });
  return file;
}
