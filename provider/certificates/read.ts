import { X509Certificate } from 'node:crypto';
import type { CertificateFacts, ServingFacts } from '../core/installation/certificate-rotation.ts';

/** certificatesIn are the certificates of a PEM text, one text each, in order. */
export function certificatesIn(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`);
}

/** factsOf reads the life of a certificate (PEM); undefined when it can't be read. */
export function factsOf(pem: string): CertificateFacts | undefined {
  const certificate = parsed(pem);
  return certificate && lifeOf(certificate);
}

/**
 * servingFactsOf reads a serving certificate (PEM) and who signed it; the first of the authorities is
 * the one that signs now. Undefined when it can't be read, or the key is not the certificate's.
 */
export function servingFactsOf(
  pem: string,
  authorities: readonly string[],
): ServingFacts | undefined {
  const certificate = parsed(pem);
  if (certificate === undefined) return undefined;
  const signers = authorities.map((authority) => signedBy(certificate, authority));
  return {
    ...lifeOf(certificate),
    dnsNames: (certificate.subjectAltName ?? '')
      .split(', ')
      .flatMap((name) => (name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : [])),
    ofPresentAuthority: signers[0] === true,
    trusted: signers.includes(true),
  };
}

function lifeOf(certificate: X509Certificate): CertificateFacts {
  return {
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
  };
}

function signedBy(certificate: X509Certificate, authority: string): boolean {
  const issuer = parsed(authority);
  return issuer !== undefined && certificate.verify(issuer.publicKey);
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
