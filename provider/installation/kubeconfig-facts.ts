import { canonicalJson } from '../../lib/core/hash.ts';
import type { UntrustedKubeconfig } from '../../lib/kube/untrusted-kubeconfig.ts';
import { factsOf } from '../certificates/read.ts';
import type { KubeconfigFacts } from '../core/installation/kept-kubeconfig.ts';

/**
 * kubeconfigFacts is what decides about a kubeconfig as Cluster API makes one: with a client certificate.
 * Undefined for any other.
 */
export function kubeconfigFacts(
  config: UntrustedKubeconfig | undefined,
): KubeconfigFacts | undefined {
  if (config?.certificate === undefined) return undefined;
  const { server, authority = '', tlsServerName = '', certificate } = config;
  const life = factsOf(Buffer.from(certificate, 'base64').toString('utf8'));
  const servers = canonicalJson({ server, authority, tlsServerName });
  return life && { servers, notAfter: life.notAfter };
}
