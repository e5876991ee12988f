import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { hasControls } from '../lib/core/reported.ts';
import { manifestYaml } from './manifest-yaml.ts';

function objectWith(spec: unknown) {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec };
}

/** Texts that YAML 1.1, YAML 1.2 or kubectl reads as something else when they are not quoted. */
const TEXTS = [
  'yes',
  'No',
  'on',
  'y',
  'true',
  'null',
  '~',
  '',
  '12',
  '0o14',
  '014',
  '0x1F',
  '1_000',
  '1:30',
  '1e3',
  '.inf',
  '2026-01-01',
  '<<',
  '=',
  '- a',
  '# a',
  'a: b',
  'a #b',
  '@a',
  'several\nlines\n',
];

describe('manifestYaml', () => {
  it.each(['1.1', '1.2'] as const)('is read as it was meant, as YAML %s', async (version) => {
    // The library takes also a quoted `<<` as a merge key.
    const names = TEXTS.filter((text) => text !== '<<');
    const keys = Object.fromEntries(names.map((text) => [text, 1]));
    const object = objectWith({ texts: TEXTS, keys, number: 12, flag: true, none: null });
    const text = await manifestYaml([object]);
    expect(parse(text, { version })).toEqual(object);
  });

  it('quotes what only kubectl reads as a number', async () => {
    expect(await manifestYaml([objectWith({ a: '0o14', '0o14': 'v1' })])).toContain(
      '  a: "0o14"\n  "0o14": v1\n',
    );
  });

  it('keeps control characters, and lets none control the terminal', async () => {
    const text = 'a\u001b[31m\u009b31m\u202e\u2028\t\r\n\u{e0001}\ud800';
    const object = objectWith({ [text]: text });
    const written = await manifestYaml([object]);
    expect(hasControls(written.replaceAll('\n', ''))).toBe(false);
    expect(parse(written)).toEqual(object);
  });

  it('writes each object as a document', async () => {
    const shared = { a: [1] };
    const text = await manifestYaml([objectWith(shared), objectWith({ one: shared, two: shared })]);
    expect(text).not.toMatch(/[&*]/);
    expect(parseAllDocuments(text)).toHaveLength(2);
  });
});
