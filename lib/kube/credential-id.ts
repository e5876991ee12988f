import { X509Certificate } from 'node:crypto';
import type { KubeObject } from '../core/object.ts';
import { secretText } from '../core/secret-data.ts';
import { readUntrustedKubeconfig } from './untrusted-kubeconfig.ts';

/**
 * credentialIn is the credential id of the client certificate in a kubeconfig Secret (lib/apis/access.ts
 * CREDENTIAL_ID); undefined if it has none, or is no kubeconfig that is accepted.
 */
export function credentialIn(secret: KubeObject | undefined, key: string): string | undefined {
  try {
    const { certificate } = readUntrustedKubeconfig(secretText(secret, key) ?? '', 'a Secret');
    return certificate && idOf(Buffer.from(certificate, 'base64'));
  } catch {
    return undefined;
  }
}

/** As k8s.io/apiserver v0.36 pkg/authentication/request/x509 writes it. */
function idOf(certificate: Buffer): string {
  const { fingerprint256 } = new X509Certificate(certificate);
  return `X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}
