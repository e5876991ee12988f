import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  X509Certificate,
} from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createAuthority, createTokenKeys, issueCertificate } from './certificate.ts';

const authority = await createAuthority('site-ca');

describe('createAuthority', () => {
  it('makes a certificate that signs others and itself', () => {
    const certificate = new X509Certificate(authority.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe('CN=site-ca');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });
});

const issued = await issueCertificate(authority, {
  commonName: 'admin',
  organizations: ['system:masters', 'staff'],
  dnsNames: ['kubernetes.default.svc', 'localhost'],
  ips: ['10.99.1.1', '127.0.0.1'],
  usages: ['serverAuth', 'clientAuth'],
});

describe('issueCertificate', () => {
  const certificate = new X509Certificate(issued.certificate);

  it('is signed by the authority and names it as the issuer', async () => {
    const namesake = await createAuthority('site-ca');
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
    expect(certificate.verify(new X509Certificate(namesake.certificate).publicKey)).toBe(false);
    expect(certificate.ca).toBe(false);
  });

  it.each([
    { host: 'localhost', reason: 'a DNS name' },
    { host: 'kubernetes.default.svc', reason: 'another one' },
  ])('vouches for $host: $reason', ({ host }) => {
    expect(certificate.checkHost(host)).toBe(host);
  });

  it('vouches for its addresses and for nothing else', () => {
    expect(certificate.checkIP('10.99.1.1')).toBe('10.99.1.1');
    expect(certificate.checkIP('10.99.2.1')).toBeUndefined();
    expect(certificate.checkHost('example.com')).toBeUndefined();
  });

  it('carries user, groups and usages', () => {
    expect(certificate.subject).toBe('O=system:masters\nO=staff\nCN=admin');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('is valid now and for years', () => {
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 1e11);
  });

  it('comes with the key that belongs to it', () => {
    expect(certificate.checkPrivateKey(createPrivateKey(issued.privateKey))).toBe(true);
  });

  it('can be issued by an authority that was issued itself, with an RSA key too', async () => {
    const rsa = createTokenKeys();
    const rootLike = { certificate: issued.certificate, privateKey: rsa.privateKey };
    const leaf = new X509Certificate(
      (await issueCertificate(rootLike, { commonName: 'leaf', usages: ['serverAuth'] }))
        .certificate,
    );
    expect(leaf.issuer).toBe(certificate.subject);
    expect(leaf.verify(createPublicKey(rsa.publicKey))).toBe(true);
  });
});

describe('createTokenKeys', () => {
  it('makes a pair', () => {
    const { publicKey, privateKey } = createTokenKeys();
    const signature = createSign('sha256').update('token').sign(privateKey);
    expect(createVerify('sha256').update('token').verify(publicKey, signature)).toBe(true);
  });
});
