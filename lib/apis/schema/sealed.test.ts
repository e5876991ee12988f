import { describe, expect, it } from '@jest/globals';
import { immutable, list, object, text, type Schema } from './schema.ts';
import { sealed } from './sealed.ts';

const fixed = text('A field.', { rules: [immutable('spec.fixed')] });

function rulesOf(schema: Schema | undefined): readonly string[] {
  return sealed(schema ?? {})['x-kubernetes-validations']?.map(({ rule }) => rule) ?? [];
}

describe('sealed', () => {
  it.each<{ reason: string; schema: Schema; rules: readonly string[] }>([
    {
      reason: 'a field that may be left out can be added and removed',
      schema: object('', { fixed }),
      rules: ['has(self.fixed) == has(oldSelf.fixed)'],
    },
    {
      reason: 'a required field is always there',
      schema: object('', { fixed }, { required: ['fixed'] }),
      rules: [],
    },
    {
      reason: 'a field with a default is always there',
      schema: object('', { fixed: { ...fixed, default: 'x' } }),
      rules: [],
    },
    { reason: 'a field that may change', schema: object('', { free: text('') }), rules: [] },
    {
      reason: 'rules that are there stay',
      schema: object('', { fixed }, { rules: [{ rule: 'true', message: 'm' }] }),
      rules: ['true', 'has(self.fixed) == has(oldSelf.fixed)'],
    },
  ])('$reason', ({ schema, rules }) => {
    expect(rulesOf(schema)).toEqual(rules);
  });

  it('has the same message as the rule of the field', () => {
    const [rule] = sealed(object('', { fixed }))['x-kubernetes-validations'] ?? [];
    expect(rule?.message).toBe(immutable('spec.fixed').message);
  });

  it('looks into objects and lists', () => {
    const inner = object('', { fixed });
    const outer = sealed(object('', { inner, items: list('', inner) }));
    expect(outer.properties?.['inner']).toEqual(sealed(inner));
    expect(outer.properties?.['items']?.items).toEqual(sealed(inner));
    expect(sealed(inner)).not.toEqual(inner);
  });
});
