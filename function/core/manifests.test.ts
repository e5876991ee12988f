import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { objectsIn } from '../../agent/layers/manifests.ts';
import { fc, runs } from '../../test/properties.ts';
import { fillManifests } from './manifests.ts';

function filled(
  manifests: string,
  plain: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, number | boolean>> = {},
): string {
  const result = fillManifests(manifests, { plain, typed });
  return 'mistake' in result ? `mistake: ${result.mistake}` : result.text;
}

/** Every kind of scalar, in blocks and in flow collections. */
const TEMPLATE = `# about \${v}
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {flow: \${v}, more: [x-\${v}, "\${v}"]}} # \${v}
data:
  plain: \${v}
  part: a \${v} b
  single: '\${v}'
  double: "\\t\${v}"
  literal: |
    a: \${v}
    b
  stripped: |-
      first \${v}
  folded: >
    one
    \${v}
    two
  anchored: &anchor \${v}
  alias: *anchor
  tagged: !!str \${v}
  shell: \${HOME}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b
`;

/** What the template is with a value. */
function expected(v: string): unknown[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels: { flow: v, more: [`x-${v}`, v] } },
      data: {
        plain: v,
        part: `a ${v} b`,
        single: v,
        double: `\t${v}`,
        literal: `a: ${v}\nb\n`,
        stripped: `first ${v}`,
        folded: `one ${v} two\n`,
        anchored: v,
        alias: v,
        tagged: v,
        shell: '${HOME}',
      },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } },
  ];
}

/** What the agent reads. */
function objectsOf(text: string): unknown[] {
  return [...objectsIn(text, {})];
}

const EVIL = [
  '\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: evil}\n',
  'x\nevil: true',
  'x, evil: true',
  '}}, evil: {a: b',
  "x'\nevil: true #",
  '"\nevil: "',
  '{{ .Values.evil }}',
  '!!binary evil',
  '&evil x',
  '*anchor',
  '<<: evil',
  '- evil',
  '# evil',
  ' # evil',
  '  indented',
  'a\r\nb',
  'a\u0085b\u2028c\u2029d\ufeff',
  '...',
  '---',
  '%YAML 1.1',
  '|\n  evil',
  '? evil',
  '@evil',
  '`evil`',
  '\t',
  '',
  '${v}',
  '$&$1',
  'mcvar0x0x',
  '\ud800',
  'true',
  'null',
  '~',
  '1450',
  '0x10',
  '1e3',
  '.inf',
  '2026-01-01',
  '12:30:45',
  'on',
  'a: b',
  'a:',
  '\u001b[2J',
];

describe('fillManifests', () => {
  it.each(EVIL)('a value is text, and adds no object and no field: %j', (v) => {
    expect(objectsOf(filled(TEMPLATE, { v }))).toEqual(expected(v));
  });

  it('the same for any value', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom(...Array.from(' \n\r\t:#-?,[]{}&*!|>\'"%@`~<\\ab01$.')),
        maxLength: 12,
      }),
    );
    fc.assert(
      fc.property(texts, (v) => {
        expect(objectsOf(filled(TEMPLATE, { v }))).toEqual(expected(v));
      }),
      runs(100),
    );
  });

  it('a whole plain value has the type of its variable; quoted, or in a longer one, it is text', () => {
    const text = 'a: ${n}\nb: "${n}"\nc: ${n}0\nd: {e: ${on}, f: [${n}]}\n';
    const result = filled(text, { n: '007', on: 'true' }, { n: 7, on: true });
    expect(parseAllDocuments(result)[0]?.toJS()).toEqual({
      a: 7,
      b: '007',
      c: '0070',
      d: { e: true, f: [7] },
    });
  });

  it('keeps the rest of the text as it is', () => {
    const text = '# why\na:   ${v}   # ${v}\n\nb: [ "${w}" ]\n';
    expect(filled(text, { v: 'x' })).toBe('# why\na:   x   # ${v}\n\nb: [ "${w}" ]\n');
  });

  it('does not read manifests without variables', () => {
    expect(filled('a: {${HOME}: [', { v: 'x' })).toBe('a: {${HOME}: [');
  });

  it.each([
    ['a key', '${v}: 1\n', 'mistake: a key has ${v}, but only values may'],
    [
      'a key in a list in a key',
      '? [a, "${v}"]\n: 1\n',
      'mistake: a key has ${v}, but only values may',
    ],
    ['no YAML', 'a: b\n---\na: "${v}\n', 'mistake: document 2 is no YAML (MISSING_CHAR)'],
  ])('refuses %s', (_reason, text, want) => {
    expect(filled(text, { v: 'x' })).toBe(want);
  });

  it('a name that every object has is no variable', () => {
    expect(filled('a: ${constructor} ${__proto__}\n', { v: 'x' })).toBe(
      'a: ${constructor} ${__proto__}\n',
    );
  });
});
