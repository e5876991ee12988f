import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import { isLabel, nameByContent, nameOf } from './names.ts';

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

describe('isLabel', () => {
  it.each([
    { reason: 'letters, digits, dashes', name: 'c1-a', want: true },
    { reason: '63 characters', name: 'a'.repeat(63), want: true },
    { reason: '64 characters', name: 'a'.repeat(64), want: false },
    { reason: 'a dot', name: 'a.b', want: false },
    { reason: 'a dash at the end', name: 'a-', want: false },
    { reason: 'upper case', name: 'A', want: false },
    { reason: 'nothing', name: '', want: false },
    { reason: 'a line break at the end', name: 'a\n', want: false },
  ])('$reason: $want', ({ name, want }) => {
    expect(isLabel(name)).toBe(want);
  });
});

describe('nameOf', () => {
  it('keeps a short name', () => {
    expect(nameOf('demo', 'workers')).toBe('demo-workers');
  });

  it('returns the same label of at most 63 characters every time', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (parts) => {
        const name = nameOf(...parts);

        expect(isLabel(name)).toBe(true);
        expect(nameOf(...parts)).toBe(name);
      }),
    );
  });

  it('keeps two long names distinct that differ only at the end', () => {
    const long = 'c'.repeat(63);

    expect(nameOf(long, 'a')).not.toBe(nameOf(long, 'b'));
  });

  it('leaves no dash before the hash', () => {
    expect(nameOf(`${'c'.repeat(53)}-${'d'.repeat(20)}`)).toMatch(/^c{53}-[0-9a-f]{8}$/);
  });
});

describe('nameByContent', () => {
  it('ends with the hash of the content', () => {
    expect(nameByContent({ a: 1 }, 'demo', 'cp')).toMatch(/^demo-cp-[0-9a-f]{8}$/);
  });

  it('changes with the content and with the parts, and is a label', () => {
    fc.assert(
      fc.property(label, label, fc.jsonValue(), (cluster, role, content) => {
        const name = nameByContent(JSON.parse(JSON.stringify(content)) as string, cluster, role);

        expect(isLabel(name)).toBe(true);
        expect(nameByContent('else', cluster, role)).not.toBe(name);
        expect(
          nameByContent(JSON.parse(JSON.stringify(content)) as string, cluster, `${role}x`),
        ).not.toBe(name);
      }),
    );
  });
});
