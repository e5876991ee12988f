import { describe, expect, it } from '@jest/globals';
import { plainYaml } from './plain-yaml.ts';

const SIZE = 256 * 1024;

function aliases(): string {
  const lines = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`);
  return ['a0: &a0 [x]', ...lines].join('\n');
}

describe('plainYaml', () => {
  it.each([
    ['YAML', 'a: [b, {c: 1}]\nd: |\n  e\n'],
    ['JSON', '{"a": ["b", {"c": 1}], "d": "e\\n"}'],
  ])('reads %s', (_reason, text) => {
    expect(plainYaml(text)).toEqual({ a: ['b', { c: 1 }], d: 'e\n' });
  });

  it('does not let the text set a prototype', () => {
    const value = plainYaml('__proto__: {a: 1}') as { readonly a?: unknown };
    expect(value.a).toBeUndefined();
  });

  it.each([
    ['aliases of aliases', aliases()],
    ['many keys', Array.from({ length: SIZE / 8 }, (_, n) => `k${n}:\n`).join('')],
    ['nested lists', '['.repeat(SIZE)],
    ['nested lines', '- '.repeat(SIZE / 2)],
    ['nested keys', '? '.repeat(SIZE / 2)],
    ['few nested keys', '? '.repeat(400)],
    ['nested keys in braces', `${'{'.repeat(400)}a${'}: b'.repeat(399)}`],
    ['a long text', 'a'.repeat(SIZE + 1)],
  ])('parses %s quickly', (_reason, text) => {
    const begun = performance.now();
    expect(plainYaml(text)).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
