import { instant, otherSide, type Side } from './audit-event.ts';
import { COLLECTORS, type Actors, type Finding } from './finding.ts';
import type { ClusterHistory } from './history.ts';
import { isAlive, stateAt, type Life } from './life.ts';
import { runsOf, type Run } from './one-owner.ts';

/** I3: who made and who ended each Machine, what it is, and that a handover changes none. */
export function wrongMachines(history: ClusterHistory, actors: Actors): readonly Finding[] {
  const where = `${history.namespace}/${history.name}`;
  const runs = runsOf(history);
  const wrongs = [
    ...history.machines.flatMap((life) => wrongBirth(life, { history, runs, actors })),
    ...history.machines.flatMap((life) => wrongEnd(life, { history, runs, actors })),
    ...wrongIdentities(history.machines),
    ...wrongHandovers(history, runs),
  ];
  return wrongs.map(({ message, at }) => ({ invariant: 'I3', where, message, at }));
}

interface Wrong {
  readonly message: string;
  readonly at: number;
}

interface Scene {
  readonly history: ClusterHistory;
  readonly runs: readonly Run[];
  readonly actors: Actors;
}

function twinsOf(life: Life, machines: readonly Life[]): readonly Life[] {
  const other = otherSide(life.side);
  return machines.filter(({ side, name }) => side === other && name === life.name);
}

/** A copy has a twin; a new one is made by controllers of the side that runs the cluster. */
function wrongBirth(life: Life, { history, runs, actors }: Scene): readonly Wrong[] {
  const { maker, name, side, born } = life;
  if (maker === undefined) return [];
  const isController = actors.controllers.test(maker);
  const hasTwin = twinsOf(life, history.machines).some((twin) => isAlive(twin, born.from));
  const at = born.from;
  const told = `Machine ${name} was made on the ${side} side by ${maker}`;
  if (hasTwin) return isController ? [{ message: `${told}, who copies none`, at }] : [];
  if (!isController) return [{ message: `${told}, but there was none to copy`, at }];
  return mayRun(runs, side, at) ? [] : [{ message: `${told} while it was paused there`, at }];
}

/**
 * One that stays alive on the other side may go, and a copy of one that its owner has ended; any other
 * only by controllers that run the cluster.
 */
function wrongEnd(life: Life, scene: Scene): readonly Wrong[] {
  const { gone, name, side, ender } = life;
  if (gone === undefined || isEndedByOwner(life, scene)) return [];
  const twins = twinsOf(life, scene.history.machines);
  const told = `Machine ${name} ended on the ${side} side by ${ender ?? 'somebody'}`;
  if (twins.some((twin) => isAlive(twin, gone.to))) {
    const isRunning = scene.runs.some(
      (run) => run.side === side && covers(run, gone.from) && covers(run, gone.to),
    );
    return isRunning ? [{ message: `${told} while the cluster ran there`, at: gone.to }] : [];
  }
  if (twins.some((twin) => isEndedByOwner(twin, scene))) return [];
  return [{ message: `${told}, and was nowhere else: it is lost`, at: gone.to }];
}

function isEndedByOwner({ gone, ender, side }: Life, { actors, runs }: Scene): boolean {
  if (gone === undefined) return false;
  const isRegular = ender === undefined || mayEnd(ender, actors);
  return isRegular && mayRun(runs, side, gone.from);
}

function mayEnd(ender: string, { controllers, people }: Actors): boolean {
  return controllers.test(ender) || COLLECTORS.test(ender) || people.includes(ender);
}

/** Surely ran at that time. */
function covers({ began, ended }: Run, time: number): boolean {
  return began.to <= time && (ended === undefined || ended.from > time);
}

/** May have run at that time, or until just before: the end of a Cluster ends its Machines first. */
function mayRun(runs: readonly Run[], side: Side, time: number): boolean {
  return runs.some(
    (run) =>
      run.side === side &&
      run.began.from <= time &&
      (run.ended === undefined || run.ended.to >= time),
  );
}

/** The machine behind a name is the same for ever, on both sides. */
function wrongIdentities(machines: readonly Life[]): readonly Wrong[] {
  const known = new Map<string, string>();
  return machines.flatMap(({ name, side, states }) =>
    states.flatMap(({ state, began }): readonly Wrong[] => {
      const { providerID } = state;
      if (providerID === undefined) return [];
      const before = known.get(name);
      known.set(name, before ?? providerID);
      if (before === undefined || before === providerID) return [];
      const message = `Machine ${name} is ${providerID} on the ${side} side and was ${before}`;
      return [{ message, at: began.to }];
    }),
  );
}

/** From the pause on one side to the start on the other no Machine comes, goes or becomes another. */
function wrongHandovers({ machines }: ClusterHistory, runs: readonly Run[]): readonly Wrong[] {
  return runs.flatMap((run, index): readonly Wrong[] => {
    const before = runs[index - 1];
    if (before?.ended === undefined || before.side === run.side) return [];
    const old = machinesAt(machines, before.side, before.ended.to);
    const now = machinesAt(machines, run.side, run.began.to);
    const changed = [
      ...old.filter((one) => !now.includes(one)),
      ...now.filter((one) => !old.includes(one)),
    ];
    if (changed.length === 0) return [];
    const message =
      `the handover to the ${run.side} side at ${instant(run.began.to)} changed the set of ` +
      `Machines: ${changed.join(', ')}`;
    return [{ message, at: run.began.to }];
  });
}

function machinesAt(machines: readonly Life[], side: Side, time: number): readonly string[] {
  return machines.flatMap((life) => {
    const state = life.side === side ? stateAt(life, time) : undefined;
    return state === undefined ? [] : [`${life.name} (${state.providerID ?? 'no providerID'})`];
  });
}
