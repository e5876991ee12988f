import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfig } from '../kubeconfig.ts';
import { apiServerUrl, type SiteName } from '../network/address-plan.ts';
import {
  createAuthority,
  createTokenKeys,
  issueCertificate,
  type CertificateAuthority,
} from '../pki/certificate.ts';
import { apiServerNames, auditPolicy, type SiteFiles } from './site-flags.ts';

/** SiteIdentity is the site's authority, its files and the kubeconfig of an administrator. */
export interface SiteIdentity {
  readonly authority: CertificateAuthority;
  readonly files: SiteFiles;
  readonly adminKubeconfig: string;
}

/** Writes the files of the processes of a site: certificates, keys, kubeconfigs, audit policy. */
export async function createSiteIdentity(
  site: SiteName,
  folders: { readonly state: string; readonly logs: string },
): Promise<SiteIdentity> {
  mkdirSync(folders.state, { recursive: true, mode: 0o700 });
  const authority = await createAuthority(`site-${site}-ca`);
  const server = await issueCertificate(authority, {
    commonName: 'kube-apiserver',
    ...apiServerNames(site),
    usages: ['serverAuth'],
  });
  const tokens = createTokenKeys();

  function write(name: string, text: string): string {
    const file = join(folders.state, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
  async function clientKubeconfig(
    commonName: string,
    organizations: readonly string[],
  ): Promise<string> {
    const request = { commonName, organizations, usages: ['clientAuth'] } as const;
    const credentials = await issueCertificate(authority, request);
    return kubeconfig({
      server: apiServerUrl(site),
      authority: authority.certificate,
      credentials,
    });
  }

  const files: SiteFiles = {
    etcdData: join(folders.state, 'etcd'),
    authority: write('ca.crt', authority.certificate),
    apiServerCertificate: write('apiserver.crt', server.certificate),
    apiServerKey: write('apiserver.key', server.privateKey),
    tokenPublicKey: write('tokens.pub', tokens.publicKey),
    tokenPrivateKey: write('tokens.key', tokens.privateKey),
    auditPolicy: write('audit-policy.json', JSON.stringify(auditPolicy())),
    auditLog: join(folders.logs, `${site}-audit.log`),
    controllerManagerKubeconfig: write(
      'controller-manager.kubeconfig',
      await clientKubeconfig('system:kube-controller-manager', []),
    ),
  };
  const adminKubeconfig = write(
    `${site}.kubeconfig`,
    await clientKubeconfig('admin', ['system:masters']),
  );
  return { authority, files, adminKubeconfig };
}
