import { otherSide, SIDES, type Side } from './audit-event.ts';
import type { Finding } from './finding.ts';
import type { ClusterHistory } from './history.ts';
import { isAlive, type Phase } from './life.ts';
import { runsOf } from './one-owner.ts';
import type { State } from './sighting.ts';

/** epochOf is 1 where nobody has written one (docs/decisions/0001). */
function epochOf({ epoch = 1 }: State): number {
  return epoch;
}

function ownerOf({ owner = 'management' }: State): string {
  return owner;
}

/** I2 on each side, and from side to side whenever another one takes over. */
export function wrongEpochs(history: ClusterHistory): readonly Finding[] {
  const where = `${history.namespace}/${history.name}`;
  const within = SIDES.flatMap((side) => sequencesOn(history, side).flatMap(wrongSteps));
  const across = wrongTakeovers(history);
  return [...within, ...across].map(({ message, at }) => ({ invariant: 'I2', where, message, at }));
}

interface Wrong {
  readonly message: string;
  readonly at: number;
}

/** The states of a Cluster on a side; where it is made new because it was nowhere, a new sequence. */
function sequencesOn(history: ClusterHistory, side: Side): readonly (readonly Phase[])[] {
  const sequences: Phase[][] = [];
  for (const life of history.clusters) {
    if (life.side !== side) continue;
    const isElsewhere = history.clusters.some(
      (other) => other.side === otherSide(side) && isAlive(other, life.born.to),
    );
    const last = sequences.at(-1);
    if (last === undefined || !isElsewhere) sequences.push([...life.states]);
    else last.push(...life.states);
  }
  return sequences;
}

function wrongSteps(phases: readonly Phase[]): readonly Wrong[] {
  return phases.flatMap(({ state, began }, at) => {
    const before = phases[at - 1]?.state;
    if (before === undefined) return [];
    const [old, now] = [epochOf(before), epochOf(state)];
    const change = `${ownerOf(before)} at epoch ${old} to ${ownerOf(state)} at epoch ${now}`;
    if (now < old) return [{ message: `the epoch fell: ${change}`, at: began.to }];
    const isSame = ownerOf(before) === ownerOf(state);
    if (isSame || now > old) return [];
    return [{ message: `the owner changed without a higher epoch: ${change}`, at: began.to }];
  });
}

function wrongTakeovers(history: ClusterHistory): readonly Wrong[] {
  const runs = runsOf(history);
  return runs.flatMap((run, at) => {
    const before = runs[at - 1];
    if (before === undefined || before.side === run.side) return [];
    const [old, now] = [epochOf(before.state), epochOf(run.state)];
    if (now > old) return [];
    const message = `the ${run.side} side took over at epoch ${now}, the ${before.side} side had ${old}`;
    return [{ message, at: run.began.to }];
  });
}
