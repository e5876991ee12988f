import { PIVOT } from '../../lib/apis/kinds.ts';
import { during } from '../../lib/errors.ts';
import { stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { rivalOf, rivalText } from '../core/pivot/rivals.ts';
import { isPivot } from './pivot-record.ts';
import type { Scope } from './scope.ts';

/** rivalProblem is the Outcome when another Pivot of the same Cluster goes first; undefined when none does. */
export async function rivalProblem({ deps, record, cluster }: Scope): Promise<Outcome | undefined> {
  const { namespace } = cluster;
  const { object } = record;
  const list = await during('list the Pivots', deps.management.list({ ...PIVOT, namespace }));
  if (!isPivot(object)) return undefined;
  const rival = rivalOf(object, list.items.filter(isPivot));
  return rival && stalled('AnotherPivot', rivalText(rival));
}
