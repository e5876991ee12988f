import { isRecord } from './object.ts';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * fillIn replaces `${name}` by the value of a variable, in every text of a value. A reference to no
 * known variable stays as it is: it may be a sensitive one, which the agent fills in, or shell.
 * A text that is nothing but one reference to a number or a truth value stays a text: Helm's
 * charts take both.
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
