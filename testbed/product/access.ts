import { USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { apiServerUrl } from '../network/address-plan.ts';
import { issueCertificate } from '../pki/certificate.ts';
import type { Site } from '../site/site.ts';

/** ACCESS_USER is the user name of the provider on the workload site, as shown in audit logs. */
export const ACCESS_USER = 'provider-of-management';

/**
 * accessTo is an administrator's kubeconfig for a site, as Cluster API creates one for each real cluster.
 * Fake machines have no API server that could serve CRDs or run Pods, so claims of a world reference a
 * Secret with this kubeconfig (examples/dev).
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

/** grantAccess writes a kubeconfig into a Secret that every claim of the namespace can reference. */
export async function grantAccess(
  api: KubeApi,
  secret: { readonly namespace: string; readonly name: string },
  text: string,
): Promise<void> {
  await api.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...secret, annotations: { [USABLE_BY_ANNOTATION]: '*' } },
      stringData: { value: text },
    },
    { fieldManager: 'world', force: true },
  );
}
