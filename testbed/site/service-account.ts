import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectRef } from '../../lib/kube/api.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { apiServerUrl } from '../network/address-plan.ts';
import type { Site } from './site.ts';

/** The maximum token lifetime of kube-apiserver is longer than any world. */
const TOKEN_SECONDS = 7 * 24 * 3600;

/** AccountRef names a ServiceAccount. */
export type AccountRef = Required<Pick<ObjectRef, 'namespace' | 'name'>>;

/** serviceAccountToken is a token that the API server issued for a ServiceAccount, good for a week. */
export async function serviceAccountToken(
  { api }: Pick<Site, 'api'>,
  { namespace, name }: AccountRef,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status } = (await api.raw('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: TOKEN_SECONDS },
  })) as { readonly status: { readonly token: string } };
  return status.token;
}

/** serviceAccountKubeconfig writes a kubeconfig of a ServiceAccount into the site's folder; its path. */
export async function serviceAccountKubeconfig(site: Site, account: AccountRef): Promise<string> {
  const text = kubeconfig({
    server: apiServerUrl(site.name),
    authority: site.authority.certificate,
    credentials: { token: await serviceAccountToken(site, account) },
  });
  const file = join(site.folder, `${account.name}.kubeconfig`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/**
 * administratorToken is a token of a cluster-admin ServiceAccount, for clients behind a proxy, which does not
 * forward client certificates. Created on first use.
 */
export async function administratorToken(site: Pick<Site, 'api'>): Promise<string> {
  const account = { namespace: 'kube-system', name: 'world-admin' };
  const subject = { kind: 'ServiceAccount', ...account };
  const roleRef = {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    name: 'cluster-admin',
  };
  const objects = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: account.name },
      subjects: [subject],
      roleRef,
    },
  ];
  await Promise.all(objects.map((object) => site.api.apply(object, { fieldManager: 'world' })));
  return serviceAccountToken(site, account);
}
