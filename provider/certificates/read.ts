import { X509Certificate } from 'node:crypto';
import type { CertificateFacts, ServingFacts } from '../core/installation/certificate-rotation.ts';

/** certificatesIn returns the certificates of a PEM text in order, each as its own text. */
export function certificatesIn(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`);
}

/** factsOf reads the validity period of a certificate (PEM); undefined if it cannot be parsed. */
export function factsOf(pem: string): CertificateFacts | undefined {
  const certificate = parsed(pem);
  return certificate && lifeOf(certificate);
}

/**
 * servingFactsOf reads a serving certificate (PEM) and finds the authority that signed it. The first of the
 * authorities is the current signer. Undefined if the certificate cannot be parsed or does not match the
 * key.
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
