import { RE2JS } from 're2js';
import type { ProfileVariable } from '../../lib/apis/cluster-profile.generated.ts';
import type { ProfileRef } from '../../lib/apis/managed-cluster.generated.ts';
import { cutText, hasControls } from '../../lib/core/reported.ts';
import type { Problem } from './problem.ts';

/** SecretVariable is a sensitive variable: the agent fetches its value. */
export interface SecretVariable {
  readonly name: string;
  readonly secretKeyRef: { readonly name: string; readonly key: string };
}

/** Variables are the values of a profile's variables: plain values and references to secret values. */
export interface Variables {
  readonly plain: Readonly<Record<string, string>>;
  /** The values of integer and boolean variables, which are in `plain` too. */
  readonly typed: Readonly<Record<string, number | boolean>>;
  readonly secret: readonly SecretVariable[];
  readonly problems: readonly Problem[];
}

type Given = NonNullable<ProfileRef['variables']>[number];

/** resolveVariables validates the values in a claim against the variables that the profile declares. */
export function resolveVariables(ref: ProfileRef, declared: readonly ProfileVariable[]): Variables {
  const given = new Map((ref.variables ?? []).map((variable) => [variable.name, variable]));
  const names = new Set(declared.map(({ name }) => name));
  const unknown = [...given.keys()]
    .filter((name) => !names.has(name))
    .map((name) =>
      problem(ref, name, `is not declared by the profile, which has ${listOf(names)}`),
    );
  const checked = declared.map((variable) => ({ variable, value: given.get(variable.name) }));
  const plain = checked.flatMap(({ variable, value }) => {
    const text = value?.value ?? variable.default;
    return text === undefined || variable.sensitive ? [] : [{ variable, text }];
  });
  return {
    plain: Object.fromEntries(plain.map(({ variable, text }) => [variable.name, text])),
    typed: typedOf(plain),
    secret: checked.flatMap(({ variable, value }) =>
      value?.secretKeyRef === undefined || !variable.sensitive
        ? []
        : [{ name: variable.name, secretKeyRef: value.secretKeyRef }],
    ),
    problems: [
      ...unknown,
      ...checked.flatMap(({ variable, value }) => {
        const mistake = mistakeIn(variable, value);
        return mistake === undefined ? [] : [problem(ref, variable.name, mistake)];
      }),
    ],
  };
}

interface Plain {
  readonly variable: ProfileVariable;
  readonly text: string;
}

function typedOf(plain: readonly Plain[]): Variables['typed'] {
  const typed: Record<string, number | boolean> = {};
  for (const { variable, text } of plain) {
    if (variable.type === 'integer') typed[variable.name] = Number(text);
    if (variable.type === 'boolean') typed[variable.name] = text === 'true';
  }
  return typed;
}

function mistakeIn(variable: ProfileVariable, given: Given | undefined): string | undefined {
  if (given === undefined) {
    return variable.required ? 'is required: set a value' : mistakeInDefault(variable);
  }
  if (variable.sensitive) {
    return given.secretKeyRef === undefined
      ? 'is sensitive: use secretKeyRef instead of value'
      : undefined;
  }
  const mistake = mistakeInValue(variable, given.value);
  if (mistake !== undefined || variable.pattern !== undefined) return mistake;
  return hasControls(given.value ?? '')
    ? 'has a line feed or another control character, which only a variable with a pattern may have: remove it, or declare a pattern in the profile'
    : undefined;
}

/** The schema of a profile does not check the type of a default. */
function mistakeInDefault(variable: ProfileVariable): string | undefined {
  if (variable.default === undefined) return undefined;
  const mistake = mistakeInValue(variable, variable.default);
  return mistake === undefined
    ? undefined
    : `has a default that ${mistake}: correct the profile, or set a value`;
}

function mistakeInValue(variable: ProfileVariable, value: string | undefined): string | undefined {
  if (value === undefined) return 'is not sensitive: use value instead of secretKeyRef';
  if (variable.type === 'integer' && !isInteger(value)) {
    return `is ${quoted(value)}, which is not an integer`;
  }
  if (variable.type === 'boolean' && !['true', 'false'].includes(value)) {
    return `is ${quoted(value)}: use true or false`;
  }
  return mistakeInPattern(variable.pattern, value);
}

function mistakeInPattern(pattern: string | undefined, value: string): string | undefined {
  if (pattern === undefined) return undefined;
  const expression = compile(pattern);
  if (expression === undefined) {
    return `has the pattern ${pattern} in the profile, which is not a regular expression: correct the profile`;
  }
  return expression.matches(value)
    ? undefined
    : `is ${quoted(value)}, which does not match ${pattern}`;
}

function isInteger(value: string): boolean {
  return /^-?\d+$/.test(value) && Number.isSafeInteger(Number(value));
}

function quoted(value: string): string {
  return `"${cutText(value, 100)}"`;
}

/** Compiling a pattern costs more than resolving the rest of a profile, and every call resolves all profiles. */
const compiled = new Map<string, RE2JS | undefined>();
const MOST_COMPILED = 500;

/** RE2 as in Kubernetes; it runs in linear time, so that no profile can block the function. */
function compile(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  if (compiled.size === MOST_COMPILED) compiled.clear();
  const expression = attempt(pattern);
  compiled.set(pattern, expression);
  return expression;
}

function attempt(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function problem(ref: ProfileRef, name: string, what: string): Problem {
  const message = `spec.profiles[${ref.name}].variables[${name}] ${what}`;
  return { reason: 'InvalidVariables', message, awaited: false };
}

function listOf(names: ReadonlySet<string>): string {
  return names.size === 0 ? 'no variables' : [...names].join(', ');
}
