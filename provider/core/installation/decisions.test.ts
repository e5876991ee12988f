import { describe, expect, it } from '@jest/globals';
import { authorityNeeded, servingNeeded, stillTrusted } from './certificate-rotation.ts';
import { tokenNeeded } from './token.ts';

const IDENTITY = { namespace: 'team-a', name: 'demo-agent', uid: 'u-1', seconds: 86_400 };
const HOUR = 3600;

function aToken(claims: Readonly<Record<string, unknown>> = {}): string {
  const payload = {
    sub: 'system:serviceaccount:team-a:demo-agent',
    iat: 0,
    exp: 3 * HOUR,
    'kubernetes.io': { serviceaccount: { name: 'demo-agent', uid: 'u-1' }, note: 'ü' },
    ...claims,
  };
  return `h.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.s`;
}

describe('tokenNeeded', () => {
  it.each([
    { reason: 'none', token: undefined, hours: 0, why: 'Missing' },
    { reason: 'empty', token: '', hours: 0, why: 'Missing' },
    { reason: 'no token at all', token: 'abc', hours: 0, why: 'Unreadable' },
    { reason: 'no claims', token: 'a.b.c', hours: 0, why: 'Unreadable' },
    {
      reason: 'of another account',
      token: aToken({ sub: 'x' }),
      hours: 0,
      why: 'OfAnotherIdentity',
    },
    {
      reason: 'of an account that was made anew',
      token: aToken({ 'kubernetes.io': { serviceaccount: { uid: 'u-0' } } }),
      hours: 0,
      why: 'OfAnotherIdentity',
    },
    { reason: 'fresh', token: aToken(), hours: 0, why: undefined },
    { reason: 'due for the agent, not for us', token: aToken(), hours: 1.5, why: undefined },
    { reason: 'the agent did not renew it', token: aToken(), hours: 2.1, why: 'NotRenewed' },
    { reason: 'an outage was longer than its life', token: aToken(), hours: 3, why: 'Expired' },
    {
      reason: 'renewed by the agent',
      token: aToken({ iat: 4 * HOUR, exp: 7 * HOUR }),
      hours: 4.5,
      why: undefined,
    },
    { reason: 'as long as it may be', token: aToken({ exp: 24 * HOUR }), hours: 0, why: undefined },
    {
      reason: 'the agent was once given a longer one',
      token: aToken({ exp: 25 * HOUR }),
      hours: 0,
      why: 'TooLong',
    },
    {
      reason: 'our clock is behind',
      token: aToken({ iat: HOUR, exp: 4 * HOUR }),
      hours: 0,
      why: undefined,
    },
  ])('$reason: $why', ({ token, hours, why }) => {
    expect(tokenNeeded(token, IDENTITY, hours * HOUR)).toBe(why);
  });
});

describe('authorityNeeded', () => {
  const authority = { notBefore: 0, notAfter: 300 };

  it.each([
    { now: 0, why: undefined },
    { now: 200, why: undefined },
    { now: 201, why: 'Rotation' },
    { now: 300, why: 'Expired' },
  ])('at $now of 300: $why', ({ now, why }) => {
    expect(authorityNeeded(authority, now)).toBe(why);
  });

  it('is needed if there is none', () => {
    expect(authorityNeeded(undefined, 0)).toBe('Missing');
  });
});

describe('servingNeeded', () => {
  const good = {
    notBefore: 0,
    notAfter: 90,
    dnsNames: ['a.svc', 'b.svc'],
    ofPresentAuthority: true,
    trusted: true,
  };
  const old = { ofPresentAuthority: false };

  it.each([
    { reason: 'good', change: {}, now: 10, spread: true, why: undefined },
    { reason: 'old', change: {}, now: 61, spread: true, why: 'Rotation' },
    { reason: 'of the authority before', change: old, now: 10, spread: true, why: 'Rotation' },
    {
      reason: 'of it, while not all trust the new one',
      change: old,
      now: 61,
      spread: false,
      why: undefined,
    },
    {
      reason: 'of nobody',
      change: { ...old, trusted: false },
      now: 10,
      spread: false,
      why: 'Untrusted',
    },
    { reason: 'expired', change: old, now: 90, spread: false, why: 'Expired' },
    {
      reason: 'other names',
      change: { dnsNames: ['a.svc'] },
      now: 10,
      spread: false,
      why: 'OtherNames',
    },
  ])('$reason: $why', ({ change, now, spread, why }) => {
    expect(servingNeeded({ ...good, ...change }, ['b.svc'], { now, trustSpread: spread })).toBe(
      'dnsNames' in change ? 'OtherNames' : why,
    );
  });

  it('is needed if there is none', () => {
    expect(servingNeeded(undefined, [], { now: 0, trustSpread: false })).toBe('Missing');
  });
});

describe('stillTrusted', () => {
  it('drops an authority when it has expired', () => {
    const authorities = [10, 20].map((notAfter) => ({ notBefore: 0, notAfter }));

    expect(stillTrusted(authorities, 10)).toEqual([{ notBefore: 0, notAfter: 20 }]);
  });
});
