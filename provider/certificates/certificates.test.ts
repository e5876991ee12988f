import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { BACKDATED_MS, mintAuthority, mintServing, type Pair } from './mint.ts';
import { certificatesIn, factsOf, servingFactsOf } from './read.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const NAMES = ['hook.capi-system.svc', 'hook.capi-system.svc.cluster.local'];

describe('certificates that we mint', () => {
  let authority: Pair;
  let other: Pair;
  let serving: Pair;

  beforeAll(async () => {
    authority = await mintAuthority('demo webhooks', { now: NOW, days: 30 });
    other = await mintAuthority('demo webhooks', { now: NOW, days: 30 });
    serving = await mintServing(authority, NAMES, { now: NOW, days: 10 });
  });

  it('are trusted by their authority only', () => {
    const certificate = new X509Certificate(serving.certificate);
    const [issuer, stranger] = [authority, other].map(
      (pair) => new X509Certificate(pair.certificate),
    );

    expect(issuer?.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(issuer && certificate.checkIssued(issuer)).toBe(true);
    expect(issuer && certificate.verify(issuer.publicKey)).toBe(true);
    expect(stranger && certificate.verify(stranger.publicKey)).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('come with their key', () => {
    const key = createPublicKey(createPrivateKey(serving.privateKey));

    expect(key.equals(new X509Certificate(serving.certificate).publicKey)).toBe(true);
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it('report their signer, validity period and names', () => {
    const [first, second] = [authority.certificate, other.certificate];

    expect(servingFactsOf(serving.certificate, [first, second])).toEqual({
      notBefore: NOW.getTime() - BACKDATED_MS,
      notAfter: NOW.getTime() + 10 * 24 * 3600 * 1000,
      dnsNames: NAMES,
      ofPresentAuthority: true,
      trusted: true,
    });
    expect(servingFactsOf(serving.certificate, [second, first])).toMatchObject({
      ofPresentAuthority: false,
      trusted: true,
    });
    expect(servingFactsOf(serving.certificate, [second])).toMatchObject({ trusted: false });
  });

  it.each(['', 'rubbish'])('are not found in %j', (text) => {
    expect(servingFactsOf(text, [])).toBeUndefined();
    expect(factsOf(text)).toBeUndefined();
    expect(certificatesIn(text)).toEqual([]);
  });

  it('are read from a bundle in order', () => {
    expect(certificatesIn(authority.certificate + other.certificate)).toEqual([
      authority.certificate,
      other.certificate,
    ]);
  });

  it('support long Service names', async () => {
    const long = `${'s'.repeat(63)}.${'n'.repeat(63)}.svc`;
    const pair = await mintServing(authority, [long], { now: NOW, days: 1 });

    expect(servingFactsOf(pair.certificate, [])?.dnsNames).toEqual([long]);
  });
});
