import { isRecord } from './object.ts';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * fillIn replaces `${name}` with the value of a variable in every string of a value. A reference to an
 * unknown variable is kept: it may be a sensitive variable, which the agent fills in, or shell syntax. A
 * string that consists of a single reference to a number or boolean stays a string: Helm charts accept
 * both.
 */
export function fillIn<Value>(value: Value, variables: Readonly<Record<string, string>>): Value;
export function fillIn(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(REFERENCE, (reference, name: string) =>
      Object.hasOwn(variables, name) ? (variables[name] ?? reference) : reference,
    );
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => fillIn(entry, variables));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, fillIn(entry, variables)]),
  );
}
