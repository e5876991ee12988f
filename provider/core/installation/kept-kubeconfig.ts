/** KubeconfigFacts is the input of a renewal decision; times are in milliseconds since 1970. */
export interface KubeconfigFacts {
  /** The server and certificate authority, as one text to compare. */
  readonly servers: string;
  /** When its client certificate expires. */
  readonly notAfter: number;
}

/** Renewal is what to do with the kubeconfig that the management side keeps. */
export type Renewal = 'Keep' | 'TakeOver' | 'OtherServer';

/**
 * renewalOf compares the kept kubeconfig with the one in the cluster, where Cluster API renews the client
 * certificate after half of its one-year lifetime (CAPI v1.14 KubeadmControlPlane reconcileKubeconfig).
 * Only the credential is copied: content from inside a cluster must not decide where the management side
 * connects to. One that was replaced at the handover is copied whenever it expires: the kept one will be refused.
 */
export function renewalOf(
  kept: KubeconfigFacts,
  offered: KubeconfigFacts | undefined,
  replaced: boolean,
): Renewal {
  if (offered === undefined || (offered.notAfter <= kept.notAfter && !replaced)) return 'Keep';
  return offered.servers === kept.servers ? 'TakeOver' : 'OtherServer';
}

/** Users are warned this long before the certificate expires, so that they have time to act. */
const WARNED_MS = 30 * 24 * 3600 * 1000;

/** isExpiring reports whether the kubeconfig expires soon or has expired. */
export function isExpiring({ notAfter }: KubeconfigFacts, now: number): boolean {
  return notAfter - now < WARNED_MS;
}
