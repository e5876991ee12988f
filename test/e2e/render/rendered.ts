import { parseAllDocuments } from 'yaml';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { resourceNameOf } from '../../render/reconcile.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Rendered is the whole output of a render, in a form in which order and times mean nothing. */
export interface Rendered {
  /** The composite without its status. */
  readonly composite: Fields;
  /** Its status without conditions. */
  readonly status: Fields;
  /** Its conditions by type. */
  readonly conditions: Readonly<Record<string, Fields>>;
  /** Composed objects by composition resource name. */
  readonly composed: Readonly<Record<string, Fields>>;
  /** What is printed as `kind: Result`. */
  readonly results: readonly Fields[];
}

/**
 * Reads what a render command has printed.
 *
 * @throws Error when there is not exactly one object of the composite's kind in it
 */
export function parseRendered(output: string, { apiVersion, kind }: KubeObject): Rendered {
  const objects = parseAllDocuments(output).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
  const results = objects.filter((object) => object.kind === 'Result');
  const [composite, ...others] = objects.filter(
    (object) => object.apiVersion === apiVersion && object.kind === kind,
  );
  if (composite === undefined || others.length > 0) {
    throw new Error(`cannot find the one ${kind} in what was rendered:\n${output}`);
  }
  const { status: _status, ...rest } = composite;
  const { conditions, ...status } = recordIn(composite, 'status') ?? {};
  return {
    composite: rest,
    status,
    conditions: byType(Array.isArray(conditions) ? conditions : []),
    composed: Object.fromEntries(
      objects
        .filter((object) => object !== composite && !results.includes(object))
        .map((object) => [resourceNameOf(object), object]),
    ),
    results: sortedResults(results),
  };
}

/** Events come in the order in which Go walks through a map: in another one each time. */
export function sortedResults(results: readonly Fields[]): readonly Fields[] {
  return results.toSorted((a, b) => compareText(String(a['message']), String(b['message'])));
}

function byType(conditions: readonly Fields[]): Readonly<Record<string, Fields>> {
  return Object.fromEntries(
    conditions.map(({ lastTransitionTime: _time, ...condition }) => [
      String(condition['type']),
      condition,
    ]),
  );
}
