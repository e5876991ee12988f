import { describe, expect, it } from '@jest/globals';
import { judgeSecrecy } from './oracle.ts';
import { secretValues } from './secret-values.ts';

describe('secrets (I6)', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'Zm9vYmFyYmF6cXV4'.repeat(4)}\n${'c2VjcmV0c2VjcmV0'.repeat(4)}\n-----END PRIVATE KEY-----\n`;
  const login = base64(key);
  const secrets = [
    {
      metadata: { namespace: 'team-a', name: 'c-ca' },
      data: { 'tls.key': base64(key), 'tls.crt': base64('public') },
    },
    {
      metadata: { namespace: 'team-a', name: 'c-kubeconfig' },
      data: { value: base64(`users:\n- user:\n    client-key-data: ${login}\n`) },
    },
    {
      metadata: { namespace: 'team-a', name: 'agent' },
      data: { token: base64('eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl') },
    },
  ];
  const values = secretValues(secrets);

  it.each<{ reason: string; text: string }>([
    { reason: 'a key as it is', text: `error: ${key}` },
    { reason: 'a key in JSON', text: JSON.stringify({ message: key }) },
    { reason: 'a key in base64', text: `{"tls.key":"${base64(key)}"}` },
    { reason: 'a key in base64 in the middle of something', text: base64(`a: b\nkey: ${key}`) },
    { reason: 'the login of a kubeconfig', text: `client-key-data: ${login}` },
    { reason: 'a kubeconfig in base64', text: base64(`x\nclient-key-data: ${login}\n`) },
    { reason: 'a token', text: 'Authorization: Bearer eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl' },
    { reason: 'a token in base64', text: base64('token=eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl;') },
  ])('finds $reason, and does not tell it', ({ text }) => {
    const findings = judgeSecrecy(values, [{ name: 'provider.log', text }]);
    expect(new Set(findings.map(({ invariant }) => invariant))).toEqual(new Set(['I6']));
    for (const { value } of values) expect(JSON.stringify(findings)).not.toContain(value);
  });

  it('finds nothing in what is public', () => {
    const text = `public ${base64('public')} c-ca agent token`;
    expect(judgeSecrecy(values, [{ name: 'provider.log', text }])).toEqual([]);
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
