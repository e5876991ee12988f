// oxlint-disable-next-line import/no-unassigned-import -- it is there for what it does: @peculiar/x509 needs it
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Pair is a certificate with its private key (PKCS#8), both as PEM. */
export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Life is from when until when a certificate is good. */
export interface Life {
  readonly now: Date;
  /** Days from now. */
  readonly days: number;
}

/** BACKDATED_MS: clocks of clusters differ, so certificates begin in the past. */
export const BACKDATED_MS = 3600_000;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 3600 * 1000;

/** Makes an authority (ECDSA P-256) that signs serving certificates and nothing else. */
export async function mintAuthority(commonName: string, life: Life): Promise<Pair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    ...validity(life),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { certificate: pemOf(certificate), privateKey: await exported(keys.privateKey) };
}

/** Issues a serving certificate (ECDSA P-256) for DNS names. */
export async function mintServing(
  authority: Pair,
  dnsNames: readonly string[],
  life: Life,
): Promise<Pair> {
  const keys = await newKeys();
  const issuer = new X509Certificate(authority.certificate);
  const certificate = await X509CertificateGenerator.create({
    // The common name of a certificate takes 64 characters (RFC 5280 ub-common-name); the names count.
    subject: [{ CN: [(dnsNames[0] ?? '').slice(0, 64)] }],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await imported(authority.privateKey),
    ...validity(life),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        dnsNames.map((value) => ({ type: 'dns' as const, value })),
      ),
    ],
  });
  return { certificate: pemOf(certificate), privateKey: await exported(keys.privateKey) };
}

function validity({ now, days }: Life): { readonly notBefore: Date; readonly notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  };
}

type Keys = Awaited<ReturnType<typeof newKeys>>;

function newKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exported(key: Keys['privateKey']): Promise<string> {
  const pem = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
  return `${pem}\n`;
}

function imported(pem: string): Promise<Keys['privateKey']> {
  const bytes = PemConverter.decodeFirst(pem);
  return crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign']);
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
