import {
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import * as der from './der.ts';

/** KeyAndCertificate is a certificate with its private key (PKCS#8), both as PEM. */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** CertificateAuthority signs certificates; it may be one that we did not make. */
export type CertificateAuthority = KeyAndCertificate;

/** What a certificate may be used for. */
export type CertificateUsage = 'clientAuth' | 'serverAuth';

/** CertificateRequest says what a certificate vouches for. */
export interface CertificateRequest {
  /** The user name, when the certificate is a client's. */
  readonly commonName: string;
  /** The groups, when the certificate is a client's. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  /** IPv4 addresses. */
  readonly ips?: readonly string[];
  readonly usages: readonly CertificateUsage[];
}

type Subject = Pick<CertificateRequest, 'commonName' | 'organizations'>;

/** Certificates of a world outlive every world. */
const LIFETIME_MS = 10 * 365 * 24 * 3600 * 1000;

/** Clocks of one machine do not differ, but certificates are checked to the second. */
const BACKDATE_MS = 60_000;

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  rsaWithSha256: '1.2.840.113549.1.1.11',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectAltName: '2.5.29.17',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** Bits of KeyUsage (RFC 5280 4.2.1.3) as the bytes of the bit string and the unused bits. */
const KEY_USAGE = {
  certificateAuthority: der.bitString(Buffer.from([0b0000_0110]), 1),
  leaf: der.bitString(Buffer.from([0b1010_0000]), 5),
} as const;

/** Makes a self-signed authority (P-256). */
export function createAuthority(commonName: string): CertificateAuthority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = encodeName({ commonName });
  const extensions = [
    extension(OID.basicConstraints, der.sequence(der.yes()), true),
    extension(OID.keyUsage, KEY_USAGE.certificateAuthority, true),
  ];
  return {
    certificate: signCertificate({ name, issuer: name, signer: keys.privateKey, keys, extensions }),
    privateKey: exportPrivateKey(keys.privateKey),
  };
}

/** Issues a certificate with a new key (P-256), signed by an EC or RSA authority. */
export function issueCertificate(
  authority: CertificateAuthority,
  request: CertificateRequest,
): KeyAndCertificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const usages = request.usages.map((usage) => der.oid(OID[usage]));
  const extensions = [
    extension(OID.keyUsage, KEY_USAGE.leaf, true),
    extension(OID.extendedKeyUsage, der.sequence(...usages)),
    ...subjectAltNames(request),
  ];
  return {
    certificate: signCertificate({
      name: encodeName(request),
      issuer: subjectOf(authority.certificate),
      signer: createPrivateKey(authority.privateKey),
      keys,
      extensions,
    }),
    privateKey: exportPrivateKey(keys.privateKey),
  };
}

/** A key pair that signs ServiceAccount tokens (RSA 2048, so RS256), as PEM. */
export function createTokenKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: exportPrivateKey(privateKey),
  };
}

interface Unsigned {
  readonly name: der.Der;
  readonly issuer: der.Der;
  readonly signer: KeyObject;
  readonly keys: { readonly publicKey: KeyObject };
  readonly extensions: readonly der.Der[];
}

/** TBSCertificate and its signature (RFC 5280 4.1). */
function signCertificate({ name, issuer, signer, keys, extensions }: Unsigned): string {
  const algorithm = signatureAlgorithm(signer);
  const now = Date.now();
  const validity = der.sequence(
    der.generalizedTime(new Date(now - BACKDATE_MS)),
    der.generalizedTime(new Date(now + LIFETIME_MS)),
  );
  const toBeSigned = der.sequence(
    der.tagged(0xa0, der.integer(Buffer.from([2]))), // version 3
    der.integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    issuer,
    validity,
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    der.tagged(0xa3, der.sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, signer);
  const certificate = der.sequence(toBeSigned, algorithm, der.bitString(signature));
  const body = certificate.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

function signatureAlgorithm(signer: KeyObject): der.Der {
  return signer.asymmetricKeyType === 'rsa'
    ? der.sequence(der.oid(OID.rsaWithSha256), der.tagged(0x05, Buffer.alloc(0)))
    : der.sequence(der.oid(OID.ecdsaWithSha256));
}

/** Each attribute in a set of its own: groups are separate values of the organization. */
function encodeName({ commonName, organizations = [] }: Subject): der.Der {
  const groups = organizations.map((organization) => attribute(OID.organization, organization));
  return der.sequence(...groups, attribute(OID.commonName, commonName));
}

function attribute(type: string, value: string): der.Der {
  return der.setOf(der.sequence(der.oid(type), der.utf8String(value)));
}

/** The encoded subject of a certificate, byte by byte: issuers are compared that way. */
function subjectOf(certificate: string): der.Der {
  const [toBeSigned = Buffer.alloc(2)] = der.children(new X509Certificate(certificate).raw);
  const [, , , , , subject] = der.children(toBeSigned);
  if (subject === undefined) throw new Error('cannot read the subject of the authority');
  return subject;
}

function extension(type: string, value: der.Der, critical = false): der.Der {
  return der.sequence(der.oid(type), ...(critical ? [der.yes()] : []), der.octetString(value));
}

function subjectAltNames({ dnsNames = [], ips = [] }: CertificateRequest): der.Der[] {
  if (dnsNames.length + ips.length === 0) return [];
  const names = [
    ...dnsNames.map((name) => der.tagged(0x82, Buffer.from(name))),
    ...ips.map((ip) => der.tagged(0x87, Buffer.from(ip.split('.').map(Number)))),
  ];
  return [extension(OID.subjectAltName, der.sequence(...names))];
}

function exportPrivateKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
