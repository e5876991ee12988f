import { generateKeyPairSync } from 'node:crypto';
import {
  BasicConstraintsExtension,
  createCertificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type KeyPair,
} from '../../lib/pki/certificate.ts';

/** KeyAndCertificate is a certificate with its private key (PKCS#8), both as PEM. */
export type KeyAndCertificate = KeyPair;

/** CertificateAuthority signs certificates; it may be one that we did not make. */
export type CertificateAuthority = KeyPair;

/** What a certificate may be used for. */
export type CertificateUsage = 'clientAuth' | 'serverAuth';

/** CertificateRequest says what a certificate vouches for. */
export interface CertificateRequest {
  /** The user name, when the certificate is a client's. */
  readonly commonName: string;
  /** The groups, when the certificate is a client's. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ips?: readonly string[];
  readonly usages: readonly CertificateUsage[];
}

/** Certificates of a world outlive every world. */
const LIFETIME_MS = 10 * 365 * 24 * 3600 * 1000;

/** Clocks of one machine do not differ, but certificates are checked to the second. */
const BACKDATE_MS = 60_000;

/** Makes a self-signed authority (P-256). */
export function createAuthority(commonName: string): Promise<CertificateAuthority> {
  return createCertificate({
    subject: [{ CN: [commonName] }],
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
}

/** Issues a certificate with a new key (P-256), signed by an EC (P-256) or RSA authority. */
export function issueCertificate(
  authority: CertificateAuthority,
  request: CertificateRequest,
): Promise<KeyAndCertificate> {
  const { commonName, organizations = [], usages } = request;
  const template = {
    // Each group is a relative distinguished name of its own.
    subject: [
      ...organizations.map((organization) => ({ O: [organization] })),
      { CN: [commonName] },
    ],
    ...validity(),
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension(usages.map((usage) => ExtendedKeyUsage[usage])),
      ...subjectAltNames(request),
    ],
  };
  return createCertificate(template, authority);
}

/** A key pair that signs ServiceAccount tokens (RSA 2048, so RS256), as PEM. */
export function createTokenKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - BACKDATE_MS), notAfter: new Date(now + LIFETIME_MS) };
}

function subjectAltNames({
  dnsNames = [],
  ips = [],
}: CertificateRequest): readonly SubjectAlternativeNameExtension[] {
  if (dnsNames.length + ips.length === 0) return [];
  return [
    new SubjectAlternativeNameExtension([
      ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
      ...ips.map((value) => ({ type: 'ip' as const, value })),
    ]),
  ];
}
