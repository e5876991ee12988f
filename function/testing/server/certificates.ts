import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bitString, der, oid, sequence, TAG, utcTime } from './der.ts';

/** CORE_SUBJECT is what Crossplane puts on its CA and, the trap, on its client certificate too. */
export const CORE_SUBJECT: Subject = {
  C: 'Earth',
  ST: 'Earth',
  L: 'Earth',
  O: 'Crossplane',
  CN: 'Crossplane',
};

/** Subject is a distinguished name; its attributes keep their order. */
export type Subject = Readonly<Partial<Record<keyof typeof ATTRIBUTES, string>>>;

/** Pair is a certificate with its private key, both PEM. */
export interface Pair {
  readonly subject: Subject;
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
}

/** Wanted says how a certificate differs from a good one of an hour's life. */
export interface Wanted {
  readonly subject?: Subject;
  readonly usage?: keyof typeof USAGES;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const ATTRIBUTES = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  CN: '2.5.4.3',
} as const;
const USAGES = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1', none: '' } as const;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const HOUR_MS = 3_600_000;
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

/** A CA as core makes one: its key identifiers are left out, as core's client certificate has none. */
export function issueCa(wanted: Wanted = {}): Pair {
  return issue({ subject: CORE_SUBJECT, ...wanted }, undefined);
}

/** A leaf signed by the CA: core's client certificate, unless `wanted` says otherwise. */
export function issueLeaf(ca: Pair, wanted: Wanted = {}): Pair {
  return issue({ subject: CORE_SUBJECT, usage: 'client', ...wanted }, ca);
}

/** The certificate that a function is given: for localhost and 127.0.0.1. */
export function issueServer(ca: Pair): Pair {
  return issueLeaf(ca, { subject: { CN: 'function-managed-cluster' }, usage: 'server' });
}

function issue(wanted: Wanted & { readonly subject: Subject }, ca: Pair | undefined): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { subject, usage = 'none' } = wanted;
  const now = Date.now();
  const { notBefore = new Date(now - HOUR_MS), notAfter = new Date(now + HOUR_MS) } = wanted;
  const toBeSigned = sequence(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([1]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    nameOf(ca?.subject ?? subject),
    sequence(utcTime(notBefore), utcTime(notAfter)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...(ca ? leafExtensions(usage) : caExtensions()))),
  );
  const signature = sign('sha256', toBeSigned, ca?.privateKey ?? privateKey);
  const certificate = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { subject, cert: pemOf(certificate), key, privateKey };
}

function caExtensions(): readonly Buffer[] {
  return [
    extension('2.5.29.19', sequence(TRUE)),
    extension('2.5.29.15', der(TAG.bitString, Buffer.from([2, 0x04]))),
  ];
}

function leafExtensions(usage: keyof typeof USAGES): readonly Buffer[] {
  const names = [der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))];
  return [
    extension('2.5.29.17', sequence(...names)),
    ...(usage === 'none' ? [] : [extension('2.5.29.37', sequence(oid(USAGES[usage])))]),
  ];
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(TAG.octetString, value));
}

function nameOf(subject: Subject): Buffer {
  const attributes = Object.entries(ATTRIBUTES).flatMap(([name, id]) => {
    const value = Object.entries(subject).find(([given]) => given === name)?.[1];
    const type = TAG.utf8String;
    return value === undefined
      ? []
      : [der(TAG.set, sequence(oid(id), der(type, Buffer.from(value))))];
  });
  return sequence(...attributes);
}

function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
