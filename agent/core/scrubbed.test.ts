import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { scrubbed } from './scrubbed.ts';

const SECRET = `pass"word's\\ <&> ü\nsecond line of it`;

describe('scrubbed', () => {
  it.each([
    ['as it is', SECRET],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in JSON', JSON.stringify(SECRET)],
    ['in JSON of Go', '"pass\\"word\'s\\\\ \\u003c\\u0026\\u003e ü\\nsecond line of it"'],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(SECRET))],
    ['in YAML, double quotes', stringify({ a: SECRET }, { defaultStringType: 'QUOTE_DOUBLE' })],
    ['in YAML, a block', stringify({ a: SECRET }, { defaultStringType: 'BLOCK_LITERAL' })],
    ['in a URL', `https://x/?q=${encodeURIComponent(SECRET)}`],
  ])('takes a secret out: %s', (_reason, text) => {
    const safe = scrubbed(`cannot apply: ${text} is wrong`, { a: SECRET });
    expect(safe).toContain('***');
    expect(safe).toContain('is wrong');
    expect(safe).not.toMatch(/word|second line/);
  });

  it('takes one in single quotes of YAML out', () => {
    expect(scrubbed("a: 'it''s me'", { a: "it's me" })).toBe("a: '***'");
  });

  it('leaves a message readable: a short secret hides nothing', () => {
    expect(scrubbed('a message', { a: 'a', b: '', c: 'age' })).toBe('a message');
  });

  it('takes the longer of two out first', () => {
    expect(scrubbed('hunter22', { a: 'hunter', b: 'hunter22' })).toBe('***');
  });
});
