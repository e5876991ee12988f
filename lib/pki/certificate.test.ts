// oxlint-disable-next-line import/no-unassigned-import -- required by @peculiar/x509 before its own import
import 'reflect-metadata';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BasicConstraintsExtension, createCertificate, type KeyPair } from './certificate.ts';
import * as x509 from '@peculiar/x509';

const LIFE = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2036-01-01T00:00:00Z'),
};
const AUTHORITY = { ...LIFE, extensions: [new BasicConstraintsExtension(true, undefined, true)] };
const LEAF = { ...LIFE, subject: [{ O: ['a, b+c'] }, { CN: ['leaf'] }], extensions: [] };

describe('createCertificate', () => {
  it('creates a self-signed root, and leaf certificates signed by it', async () => {
    const root = await createCertificate({ ...AUTHORITY, subject: [{ CN: ['root'] }] });
    const [parent, leaf] = [root, await createCertificate(LEAF, root)].map(parsed);

    expect(parent?.verify(parent.publicKey)).toBe(true);
    expect(parent && leaf?.checkIssued(parent)).toBe(true);
    expect(parent && leaf?.verify(parent.publicKey)).toBe(true);
    expect(leaf?.subject).toBe('O=a\\, b\\+c\nCN=leaf');
    expect([leaf?.validFrom, leaf?.validTo].map((time) => new Date(time ?? ''))).toEqual([
      LIFE.notBefore,
      LIFE.notAfter,
    ]);
  });

  it('creates a new key and serial number for each certificate', async () => {
    const pairs = await Promise.all([1, 2].map(() => createCertificate(LEAF)));
    const serials = pairs.map((pair) => parsed(pair).serialNumber);

    expect(new Set(serials).size).toBe(2);
    for (const serial of serials) expect(serial).toMatch(/^[0-9A-F]{30,32}$/);
    for (const pair of pairs) {
      expect(parsed(pair).checkPrivateKey(createPrivateKey(pair.privateKey))).toBe(true);
    }
    expect(new Set(pairs.map(({ privateKey }) => privateKey)).size).toBe(2);
  });

  it.each<['pkcs1' | 'pkcs8']>([['pkcs1'], ['pkcs8']])(
    'accepts a parent with an RSA key (%s)',
    async (type) => {
      const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const { certificate } = await createCertificate({
        ...AUTHORITY,
        subject: [{ CN: ['kubernetes'] }],
      });
      const privateKey = keys.privateKey.export({ type, format: 'pem' }).toString();

      const leaf = parsed(await createCertificate(LEAF, { certificate, privateKey }));
      expect(leaf.issuer).toBe('CN=kubernetes');
      expect(leaf.verify(keys.publicKey)).toBe(true);
    },
  );

  it("repeats the parent's name byte by byte, whatever kind of string that is", async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const name = new x509.Name([{ O: [{ utf8String: 'Site' }] }, { CN: [{ utf8String: 'ca' }] }]);
    const certificate = await x509.X509CertificateGenerator.create({
      ...LIFE,
      subject: name,
      issuer: name,
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
    });
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    const privateKey = x509.PemConverter.encode(pkcs8, 'PRIVATE KEY');

    const leaf = await createCertificate(LEAF, { certificate: certificate.toString(), privateKey });
    const { issuerName } = new x509.X509Certificate(leaf.certificate);
    expect(Buffer.from(issuerName.toArrayBuffer()).toString('hex')).toBe(
      Buffer.from(name.toArrayBuffer()).toString('hex'),
    );
  });
});

function parsed({ certificate }: KeyPair): X509Certificate {
  return new X509Certificate(certificate);
}
