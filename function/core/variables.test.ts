import { describe, expect, it } from '@jest/globals';
import type { ProfileVariable } from '../../lib/apis/cluster-profile.generated.ts';
import type { VariableValue } from '../../lib/apis/managed-cluster.generated.ts';
import { resolveVariables } from './variables.ts';

const SECRET = { name: 'vault', key: 'token' };

function declared(variable: Partial<ProfileVariable>): ProfileVariable {
  return { name: 'v', type: 'string', required: false, sensitive: false, ...variable };
}

function resolve(variables: readonly VariableValue[], ...known: readonly ProfileVariable[]) {
  return resolveVariables({ name: 'base', version: '1.0.0', variables }, known);
}

describe('resolveVariables', () => {
  it.each([
    { reason: 'a value', known: declared({}), given: { value: 'x' }, plain: { v: 'x' } },
    {
      reason: 'an empty value',
      known: declared({ default: 'd' }),
      given: { value: '' },
      plain: { v: '' },
    },
    {
      reason: 'the default',
      known: declared({ default: 'd' }),
      given: undefined,
      plain: { v: 'd' },
    },
    { reason: 'nothing', known: declared({}), given: undefined, plain: {} },
    {
      reason: 'an integer',
      known: declared({ type: 'integer' }),
      given: { value: '-12' },
      plain: { v: '-12' },
      typed: { v: -12 },
    },
    {
      reason: 'a boolean',
      known: declared({ type: 'boolean' }),
      given: { value: 'false' },
      plain: { v: 'false' },
      typed: { v: false },
    },
    {
      reason: 'lines, where the pattern allows them',
      known: declared({ pattern: '(?s).*' }),
      given: { value: 'a\nb' },
      plain: { v: 'a\nb' },
    },
    {
      reason: 'lines in a default, which the author of the profile wrote',
      known: declared({ default: 'a\nb' }),
      given: undefined,
      plain: { v: 'a\nb' },
    },
    {
      reason: 'a pattern',
      known: declared({ pattern: 'a|b+' }),
      given: { value: 'bb' },
      plain: { v: 'bb' },
    },
    {
      reason: 'a sensitive one is a reference',
      known: declared({ sensitive: true }),
      given: { secretKeyRef: SECRET },
      plain: {},
    },
    {
      reason: 'a sensitive one is a reference, even if a value is set too',
      known: declared({ sensitive: true }),
      given: { secretKeyRef: SECRET, value: 'hunter2' },
      plain: {},
    },
  ])('takes $reason', ({ known, given, plain, typed = {} }) => {
    const resolved = resolve(given === undefined ? [] : [{ name: 'v', ...given }], known);

    expect(resolved).toEqual({
      plain,
      typed,
      secret: known.sensitive ? [{ name: 'v', secretKeyRef: SECRET }] : [],
      problems: [],
    });
  });

  it.each([
    {
      reason: 'a required one is missing',
      known: declared({ required: true }),
      given: undefined,
      want: 'is required: set a value',
    },
    {
      reason: 'a secret is in the claim; its value is not repeated',
      known: declared({ sensitive: true }),
      given: { value: 'hunter2' },
      want: 'is sensitive: use secretKeyRef instead of value',
    },
    {
      reason: 'a plain one is a reference',
      known: declared({}),
      given: { secretKeyRef: SECRET },
      want: 'is not sensitive: use value instead of secretKeyRef',
    },
    {
      reason: 'it is no integer',
      known: declared({ type: 'integer' }),
      given: { value: '1.5' },
      want: 'is "1.5", which is not an integer',
    },
    {
      reason: 'it is an integer that no program reads exactly',
      known: declared({ type: 'integer' }),
      given: { value: '9007199254740993' },
      want: 'is "9007199254740993", which is not an integer',
    },
    {
      reason: 'it has a line feed, and no pattern allows it',
      known: declared({}),
      given: { value: 'a\nkind: ClusterRoleBinding' },
      want: 'has a line feed or another control character, which only a variable with a pattern may have: remove it, or declare a pattern in the profile',
    },
    {
      reason: 'it has an escape sequence, which the message does not repeat',
      known: declared({ pattern: '[a-z]+' }),
      given: { value: `\u001b[2J${'x'.repeat(4000)}` },
      want: `is " [2J${'x'.repeat(95)}…", which does not match [a-z]+`,
    },
    {
      reason: 'it is no boolean',
      known: declared({ type: 'boolean' }),
      given: { value: 'yes' },
      want: 'is "yes": use true or false',
    },
    {
      reason: 'only a part matches the pattern',
      known: declared({ pattern: 'a|b' }),
      given: { value: 'ab' },
      want: 'is "ab", which does not match a|b',
    },
    {
      reason: 'a pattern that a backtracking engine would try for years',
      known: declared({ pattern: '(a+)+b' }),
      given: { value: 'a'.repeat(64) },
      want: `is "${'a'.repeat(64)}", which does not match (a+)+b`,
    },
    {
      reason: 'a line break does not end the pattern',
      known: declared({ pattern: 'a' }),
      given: { value: 'a\n' },
      want: 'is "a ", which does not match a',
    },
    {
      reason: 'the pattern is broken',
      known: declared({ pattern: '(' }),
      given: { value: 'a' },
      want: 'has the pattern ( in the profile, which is not a regular expression: correct the profile',
    },
    {
      reason: 'the default of the profile is no integer',
      known: declared({ type: 'integer', default: 'many' }),
      given: undefined,
      want: 'has a default that is "many", which is not an integer: correct the profile, or set a value',
    },
  ])('refuses when $reason', ({ known, given, want }) => {
    const { problems } = resolve(given === undefined ? [] : [{ name: 'v', ...given }], known);

    expect(problems).toEqual([
      {
        reason: 'InvalidVariables',
        message: `spec.profiles[base].variables[v] ${want}`,
        awaited: false,
      },
    ]);
  });

  it('refuses one that is not declared, without its value', () => {
    const { problems, plain } = resolve([{ name: 'x', value: 'hunter2' }], declared({}));

    expect(plain).toEqual({});
    expect(problems.map(({ message }) => message)).toEqual([
      'spec.profiles[base].variables[x] is not declared by the profile, which has v',
    ]);
  });
});
