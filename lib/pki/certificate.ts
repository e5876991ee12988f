// oxlint-disable-next-line import/no-unassigned-import -- required by @peculiar/x509 before its own import
import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import {
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type JsonName,
} from '@peculiar/x509';

export {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';

/** KeyPair is a certificate with its private key (PKCS#8), both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** CertificateTemplate is the content of a certificate, except its key, serial number and issuer. */
export interface CertificateTemplate {
  /** Relative distinguished names in this order. */
  readonly subject: JsonName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Extension[];
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * createCertificate creates a certificate with a new key (ECDSA P-256) and a random serial number of 128
 * bits, signed by its parent (ECDSA P-256 or RSA), or self-signed without one.
 */
export async function createCertificate(
  { subject, notBefore, notAfter, extensions }: CertificateTemplate,
  parent?: KeyPair,
): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const signer = parent === undefined ? undefined : await signerOf(parent);
  const certificate = await X509CertificateGenerator.create({
    subject,
    // Not the subject as text: verifiers compare names byte by byte, including string encodings.
    issuer: signer?.name ?? subject,
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey: signer?.key ?? keys.privateKey,
    signingAlgorithm: signer?.algorithm ?? ECDSA,
    extensions: [...extensions],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}

async function signerOf({ certificate, privateKey }: KeyPair) {
  const key = createPrivateKey(privateKey);
  const algorithm = key.asymmetricKeyType === 'rsa' ? RSA : ECDSA;
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return {
    name: new X509Certificate(certificate).subjectName,
    key: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    algorithm,
  };
}
