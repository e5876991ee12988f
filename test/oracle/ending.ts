import { SIDES, type Side } from './audit-event.ts';
import type { Finding } from './finding.ts';
import type { ClusterHistory } from './history.ts';

/** I7: what is there when all has come to rest; nothing of a cluster that was taken down. */
export function wrongEnding(history: ClusterHistory): readonly Finding[] {
  const where = `${history.namespace}/${history.name}`;
  const alive = history.clusters.filter(({ gone }) => gone === undefined);
  const owners = alive.filter(({ states }) => states.at(-1)?.state.paused === false);
  const machines = history.machines.filter(({ gone }) => gone === undefined);
  function found(message: string): Finding {
    return { invariant: 'I7', where, message };
  }
  if (alive.length === 0) {
    const left = machines.map(({ name, side }) => `${name} (${side})`);
    return left.length === 0 ? [] : [found(`Machines are left without it: ${left.join(', ')}`)];
  }
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) {
    const shown = alive.map(({ side, states }) => `${side} ${told(states.at(-1)?.state)}`);
    return [found(`${owners.length} sides run it: ${shown.join(', ')}`)];
  }
  return [...leftovers(history, owner.side), ...strangers(history, owner.side)].map(found);
}

function leftovers({ clusters, machines }: ClusterHistory, owner: Side): readonly string[] {
  const other = SIDES.filter((side) => side !== owner);
  return [...clusters, ...machines]
    .filter(({ gone, side }) => gone === undefined && other.includes(side))
    .map(({ name, side }) => `${name} is left on the ${side} side`);
}

/** The side that runs the cluster is also the one that its annotations name. */
function strangers({ clusters }: ClusterHistory, owner: Side): readonly string[] {
  const life = clusters.find(({ side, gone }) => side === owner && gone === undefined);
  const named = life?.states.at(-1)?.state.owner ?? 'management';
  return named === owner ? [] : [`runs on the ${owner} side, and its owner is ${named}`];
}

function told(state: { readonly paused: boolean; readonly owner?: string } | undefined): string {
  return `(${state?.paused === true ? 'paused' : 'running'}, owner ${state?.owner ?? 'absent'})`;
}
