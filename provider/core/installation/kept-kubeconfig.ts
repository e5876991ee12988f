/** KubeconfigFacts is what decides about a kubeconfig; the times are in milliseconds since 1970. */
export interface KubeconfigFacts {
  /** Servers and authorities in it, as one text that is equal when they are. */
  readonly servers: string;
  /** When its client certificate expires. */
  readonly notAfter: number;
}

/** Renewal is what to do about the kubeconfig that the management side has kept. */
export type Renewal = 'Keep' | 'TakeOver' | 'OtherServer';

/**
 * renewalOf compares it with the one in the cluster, where Cluster API renews the certificate once half
 * of its year is over (CAPI v1.14 KubeadmControlPlane reconcileKubeconfig). Only the credential is taken
 * over: what is inside a cluster does not say where the management side connects to.
 */
export function renewalOf(kept: KubeconfigFacts, offered: KubeconfigFacts | undefined): Renewal {
  if (offered === undefined || offered.notAfter <= kept.notAfter) return 'Keep';
  return offered.servers === kept.servers ? 'TakeOver' : 'OtherServer';
}

/** So long before the end somebody must be told: there is time to do something about it. */
const WARNED_MS = 30 * 24 * 3600 * 1000;

/** isExpiring tells whether the way into the cluster ends soon, or has ended. */
export function isExpiring({ notAfter }: KubeconfigFacts, now: number): boolean {
  return notAfter - now < WARNED_MS;
}
