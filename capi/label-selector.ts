import { isRecord, recordIn } from '../lib/core/object.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * isEmptySelector reports whether a `metav1.LabelSelector` has no requirements. Whether it selects
 * everything or nothing depends on the API that uses it.
 */
export function isEmptySelector(selector: unknown): boolean {
  return demandsOf(selector).length === 0;
}

/**
 * selects reports whether a `metav1.LabelSelector` selects an object with these labels: all its requirements
 * must hold, and an invalid requirement never holds (apimachinery LabelSelectorAsSelector).
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

/** `NotIn` also holds for objects without the label. */
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
