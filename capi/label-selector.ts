import { isRecord, recordIn } from '../lib/core/object.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * isEmptySelector tells whether a `metav1.LabelSelector` makes no demand. Whether that means all or none
 * is for its owner to say.
 */
export function isEmptySelector(selector: unknown): boolean {
  return demandsOf(selector).length === 0;
}

/**
 * selects tells whether a `metav1.LabelSelector` selects something with such labels: all its demands
 * must hold, and one that can't be understood never does (apimachinery LabelSelectorAsSelector).
 */
export function selects(selector: unknown, labels: Labels): boolean {
  return demandsOf(selector).every((demand) => holds(demand, labels));
}

interface Demand {
  readonly key: string;
  readonly operator: unknown;
  readonly values: readonly unknown[];
}

function demandsOf(selector: unknown): readonly Demand[] {
  const fields = isRecord(selector) ? selector : {};
  const equal = Object.entries(recordIn(fields, 'matchLabels') ?? {}).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return [...equal, ...listOf(fields['matchExpressions']).map(demandOf)];
}

function demandOf(expression: unknown): Demand {
  const { key, operator, values } = isRecord(expression) ? expression : {};
  return { key: typeof key === 'string' ? key : '', operator, values: listOf(values) };
}

/** `NotIn` holds for what has no such label. */
function holds({ key, operator, values }: Demand, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
