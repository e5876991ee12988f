import { isRecord } from './object.ts';

/** REFERENCE matches a reference to a variable, `${name}`; the name is its first group. */
export const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Texts = Readonly<Record<string, string>>;
type Typed = Readonly<Record<string, number | boolean>>;

/**
 * fillIn replaces `${name}` with the value of a variable in every string of a value, but not in keys. A reference
 * to an unknown variable is kept: it may be a sensitive variable, which the agent fills in, or shell syntax. A
 * string that is a single reference to a variable in `typed` becomes that number or boolean.
 */
export function fillIn<Value>(value: Value, variables: Texts, typed?: Typed): Value;
export function fillIn(value: unknown, variables: Texts, typed: Typed = {}): unknown {
  if (typeof value === 'string') return fillText(value, variables, typed);
  if (Array.isArray(value)) return value.map((entry: unknown) => fillIn(entry, variables, typed));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, fillIn(entry, variables, typed)]),
  );
}

function fillText(text: string, variables: Texts, typed: Typed): unknown {
  const whole = /^\$\{(.*)\}$/.exec(text)?.[1];
  if (whole !== undefined && Object.hasOwn(typed, whole)) return typed[whole];
  return text.replace(REFERENCE, (reference, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? reference) : reference,
  );
}

/** The variables that a text refers to, each once. */
export function referencesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map(([, name = '']) => name))];
}

/** The variables that keys of a value refer to, at any depth. */
export function referencesInKeys(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesInKeys);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => [
    ...referencesIn(key),
    ...referencesInKeys(entry),
  ]);
}
