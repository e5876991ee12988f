import { X509Certificate } from 'node:crypto';
import type { KubeObject } from '../core/object.ts';
import { secretText } from '../core/secret-data.ts';
import { readUntrustedKubeconfig } from './untrusted-kubeconfig.ts';

/**
 * credentialIn is the credential id of the client certificate in a kubeconfig Secret (lib/apis/access.ts
 * CREDENTIAL_ID); undefined if it has none, or is no kubeconfig that is accepted.
 */
export function credentialIn(secret: KubeObject | undefined, key: string): string | undefined {
  const certificate = certificateIn(secret, key);
  return certificate && idOf(certificate);
}

/**
 * clusterApiCredentialIn is {@link credentialIn} of a certificate with the user and group of Cluster API, which are the
 * only ones that the policy access looks at (CAPI v1.14 util/kubeconfig New).
 */
export function clusterApiCredentialIn(
  secret: KubeObject | undefined,
  key: string,
): string | undefined {
  const certificate = certificateIn(secret, key);
  const subject = certificate?.subject.split('\n') ?? [];
  const isClusterApi = ['CN=kubernetes-admin', 'O=system:masters'].every((part) =>
    subject.includes(part),
  );
  return certificate !== undefined && isClusterApi ? idOf(certificate) : undefined;
}

function certificateIn(secret: KubeObject | undefined, key: string): X509Certificate | undefined {
  try {
    const { certificate } = readUntrustedKubeconfig(secretText(secret, key) ?? '', 'a Secret');
    return certificate === undefined
      ? undefined
      : new X509Certificate(Buffer.from(certificate, 'base64'));
  } catch {
    return undefined;
  }
}

/** As k8s.io/apiserver v0.36 pkg/authentication/request/x509 writes it. */
function idOf({ fingerprint256 }: X509Certificate): string {
  return `X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}
