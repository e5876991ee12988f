import type { CertificateAuthority } from './pki/certificate.ts';
import type { SiteName } from './network/address-plan.ts';

/** WorldFile describes the world of `npm run e2e` for its tests, as JSON in the file in WORLD. */
export interface WorldFile {
  readonly dir: string;
  readonly kubectl: string;
  /** URL of testbed/control.ts. */
  readonly control: string;
  readonly management: SiteFile;
  readonly workload: SiteFile;
  /** Kubeconfig of the workload side for the Secret that a claim names, with the link in its way. */
  readonly access: string;
}

/** SiteFile is one site. */
export interface SiteFile {
  readonly name: SiteName;
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of the audit log, one JSON event a line: bodies of Clusters, Machines and their owners. */
  readonly auditLog: string;
  /** Signs what the site trusts, such as the certificate of a fault proxy. */
  readonly authority: CertificateAuthority;
}
