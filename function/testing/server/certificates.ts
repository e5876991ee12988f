import {
  BasicConstraintsExtension,
  createCertificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type CertificateTemplate,
} from '../../../lib/pki/certificate.ts';

type Subject = CertificateTemplate['subject'];

/** CORE_SUBJECT is what Crossplane puts on its CA and, the trap, on its client certificate too. */
export const CORE_SUBJECT: Subject = [
  { C: ['Earth'] },
  { ST: ['Earth'] },
  { L: ['Earth'] },
  { O: ['Crossplane'] },
  { CN: ['Crossplane'] },
];

/** Pair is a certificate with its private key, both PEM, as Node's TLS takes them. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Wanted says how a certificate differs from a good one of an hour's life. */
export interface Wanted {
  readonly subject?: Subject;
  readonly usage?: 'client' | 'server' | 'none';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const HOUR_MS = 3_600_000;

/** A CA as core makes one: its key identifiers are left out, as core's client certificate has none. */
export function issueCa(wanted: Wanted = {}): Promise<Pair> {
  return issue(wanted, [
    new BasicConstraintsExtension(true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign),
  ]);
}

/** A leaf signed by the CA: core's client certificate, unless `wanted` says otherwise. */
export function issueLeaf(ca: Pair, wanted: Wanted = {}): Promise<Pair> {
  const { usage = 'client' } = wanted;
  const names = new SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ]);
  const usages = usage === 'none' ? [] : [new ExtendedKeyUsageExtension([USAGES[usage]])];
  return issue(wanted, [names, ...usages], ca);
}

/** The certificate that a function is given: for localhost and 127.0.0.1. */
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
