import {
  BasicConstraintsExtension,
  createCertificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type CertificateTemplate,
} from '../../pki/certificate.ts';

type Subject = CertificateTemplate['subject'];

/** CORE_SUBJECT is the subject of Crossplane's CA and also of its client certificate, which confuses OpenSSL. */
export const CORE_SUBJECT: Subject = [
  { C: ['Earth'] },
  { ST: ['Earth'] },
  { L: ['Earth'] },
  { O: ['Crossplane'] },
  { CN: ['Crossplane'] },
];

/** Pair is a certificate with its private key, both in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Wanted describes how a certificate differs from a valid one with a lifetime of an hour. */
export interface Wanted {
  readonly subject?: Subject;
  readonly usage?: 'client' | 'server' | 'none';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const HOUR_MS = 3_600_000;

/** Issues a CA like that of core: without key identifiers, as core's client certificate has none. */
export function issueCa(wanted: Wanted = {}): Promise<Pair> {
  return issue(wanted, [
    new BasicConstraintsExtension(true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign),
  ]);
}

/** Issues a leaf signed by the CA: core's client certificate, unless `wanted` says otherwise. */
export function issueLeaf(ca: Pair, wanted: Wanted = {}): Promise<Pair> {
  const { usage = 'client' } = wanted;
  const names = new SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ]);
  const usages = usage === 'none' ? [] : [new ExtendedKeyUsageExtension([USAGES[usage]])];
  return issue(wanted, [names, ...usages], ca);
}

/** Issues a server certificate for a function, for localhost and 127.0.0.1. */
export function issueServer(ca: Pair): Promise<Pair> {
  return issueLeaf(ca, { subject: [{ CN: ['function-managed-cluster'] }], usage: 'server' });
}

const USAGES = {
  client: ExtendedKeyUsage.clientAuth,
  server: ExtendedKeyUsage.serverAuth,
} as const;

async function issue(
  wanted: Wanted,
  extensions: CertificateTemplate['extensions'],
  ca?: Pair,
): Promise<Pair> {
  const now = Date.now();
  const template = {
    subject: CORE_SUBJECT,
    notBefore: new Date(now - HOUR_MS),
    notAfter: new Date(now + HOUR_MS),
    ...wanted,
    extensions,
  };
  const parent = ca && { certificate: ca.cert, privateKey: ca.key };
  const { certificate, privateKey } = await createCertificate(template, parent);
  return { cert: certificate, key: privateKey };
}
