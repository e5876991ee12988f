import type { KubeApi } from '../../lib/kube/api.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { apiServerUrl } from '../network/address-plan.ts';
import { issueCertificate } from '../pki/certificate.ts';
import type { Site } from '../site/site.ts';

/** ACCESS_USER is who the provider is on the workload site; audit logs show it. */
export const ACCESS_USER = 'provider-of-management';

/**
 * accessTo is the kubeconfig of an administrator of a site, as Cluster API makes one for each real
 * cluster. Pretended machines have no API server of their own that could hold CRDs or run Pods, so
 * claims of a world name a Secret with this one (examples/dev).
 */
export async function accessTo(site: Site): Promise<string> {
  return kubeconfig({
    server: apiServerUrl(site.name),
    authority: site.authority.certificate,
    credentials: await issueCertificate(site.authority, {
      commonName: ACCESS_USER,
      organizations: ['system:masters'],
      usages: ['clientAuth'],
    }),
  });
}

/** grantAccess puts a kubeconfig into the Secret that a claim names. */
export async function grantAccess(
  api: KubeApi,
  secret: { readonly namespace: string; readonly name: string },
  text: string,
): Promise<void> {
  await api.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: secret,
      stringData: { value: text },
    },
    { fieldManager: 'world', force: true },
  );
}
