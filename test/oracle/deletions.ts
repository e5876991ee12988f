import { isCreation, keyOf, type Act } from './act.ts';
import { otherSide, type Side } from './audit-event.ts';
import type { Actors, Finding } from './finding.ts';

/** Deletable says what the product may delete besides what it made or moved, such as in a teardown. */
export type Deletable = (act: Act) => boolean;

/** Outage is a time in which an API server was killed, so that its last answers are in no log. */
export interface Outage {
  readonly side: Side;
  readonly from: number;
  readonly to: number;
}

/** DeletionRules are what I5 knows besides the acts. */
export interface DeletionRules {
  readonly actors: Actors;
  readonly mayDelete: Deletable;
  readonly outages: readonly Outage[];
}

const CONFLICT = 409;

/**
 * I5: the product deletes what it made on that side, or what it has copied to the other side; and
 * never a whole collection.
 */
export function foreignDeletions(acts: readonly Act[], rules: DeletionRules): readonly Finding[] {
  const made = new Set<string>();
  return acts.flatMap((act): readonly Finding[] => {
    if (!rules.actors.product.includes(act.actor)) return [];
    const { side } = act;
    if (isCreation(act) || isLostCreation(act, rules.outages)) made.add(`${side} ${keyOf(act)}`);
    if (act.verb !== 'delete' && act.verb !== 'deletecollection') return [];
    const isOwn = made.has(`${side} ${keyOf(act)}`);
    const isMoved = made.has(`${otherSide(side)} ${keyOf(act)}`);
    const isCollection = act.verb === 'deletecollection';
    if (!isCollection && (isOwn || isMoved || rules.mayDelete(act))) return [];
    const message = `${act.actor} deleted ${keyOf(act)} on the ${side} side, which it has neither made nor moved`;
    return [{ invariant: 'I5', where: act.namespace, message, at: act.span.to }];
  });
}

/** A create that is refused because the object exists, after an outage that took the first answer. */
function isLostCreation({ code, verb, side, span }: Act, outages: readonly Outage[]): boolean {
  const isAfterOutage = outages.some((one) => one.side === side && one.from <= span.to);
  return verb === 'create' && code === CONFLICT && isAfterOutage;
}
