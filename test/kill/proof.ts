import type { MoveStage } from './clusterctl-stage.ts';
import type { Again } from './judge-again.ts';
import type { Lives } from './lives/life.ts';
import type { Matrix } from './matrix.ts';
import { isStruck, type Outcome, type Series } from './outcome.ts';
import type { Pause } from './pauses.ts';
import type { Teardowns } from './teardown.ts';

/** Proof is what has been measured so far; what was not asked for is absent. */
export interface Proof {
  /** One of each part. */
  readonly seeds: readonly number[];
  readonly moves?: MoveStage;
  readonly matrix?: Matrix;
  readonly teardown?: Teardowns;
  readonly kills?: Series;
  readonly faults?: Series;
  readonly twins?: Series;
  readonly gap?: Series;
  readonly pauses?: readonly Pause[];
  readonly lives?: Lives;
  /** Findings about secrets, over the whole time of each world that came to its end. */
  readonly secrecy: readonly string[];
  /** Worlds that were started, and those in which secrets were looked for. */
  readonly worlds: number;
  readonly looked: number;
  /** Stages that broke off. */
  readonly problems: readonly string[];
  /** Second judgements, one of each part that had one. */
  readonly again?: readonly Again[];
}

/** emptyProof is before anything has been measured. */
export function emptyProof(seed: number): Proof {
  return { seeds: [seed], secrecy: [], worlds: 0, looked: 0, problems: [] };
}

/** failures are what must not be. */
export function failures(proof: Proof): readonly string[] {
  const { matrix, teardown, kills, faults, gap, twins, lives } = proof;
  const outcomes = [matrix, teardown, kills, faults, gap, twins].flatMap(
    (series) => series?.outcomes ?? [],
  );
  return [
    ...outcomes.flatMap(failuresOf),
    ...(lives?.ended ?? []).flatMap(({ name, stuck, findings }) =>
      withStuck(name, stuck, findings),
    ),
    ...proof.secrecy,
    ...proof.problems,
    ...(proof.again ?? []).flatMap(({ findings }) => findings),
  ];
}

function failuresOf({ cluster, disturbance, write, stuck, findings }: Outcome): readonly string[] {
  return withStuck(`${cluster}, ${disturbance} (${write})`, stuck, findings);
}

function withStuck(
  where: string,
  stuck: string | undefined,
  findings: readonly string[],
): readonly string[] {
  return [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...findings].map(
    (text) => `${where}: ${text}`,
  );
}

/** struckIn counts the disturbances of a series that took place. */
export function struckIn(series: Series | undefined): number {
  return (series?.outcomes ?? []).filter(isStruck).length;
}

/** merged is one proof of the proofs of several parts. */
export function merged(all: readonly Proof[]): Proof {
  const [first, ...rest] = all;
  if (first === undefined) throw new Error('cannot merge the proofs of no part');
  return rest.reduce(both, first);
}

function both(a: Proof, b: Proof): Proof {
  const pauses = [...(a.pauses ?? []), ...(b.pauses ?? [])];
  const again = [...(a.again ?? []), ...(b.again ?? [])];
  const stages = {
    matrix: joined(a.matrix, b.matrix),
    teardown: joined(a.teardown, b.teardown),
    kills: joined(a.kills, b.kills),
    faults: joined(a.faults, b.faults),
    twins: joined(a.twins, b.twins),
    gap: joined(a.gap, b.gap),
    moves: a.moves ?? b.moves,
    lives: allLives(a.lives, b.lives),
    pauses: pauses.length === 0 ? undefined : pauses,
    again: again.length === 0 ? undefined : again,
  };
  const present = Object.entries(stages).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(present) as Partial<Proof>),
    seeds: [...a.seeds, ...b.seeds],
    secrecy: [...a.secrecy, ...b.secrecy],
    worlds: a.worlds + b.worlds,
    looked: a.looked + b.looked,
    problems: [...a.problems, ...b.problems],
  };
}

/** What else there is, such as the writes of an undisturbed one, is told by the first. */
function joined<T extends Series>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { ...a, wanted: a.wanted + b.wanted, outcomes: [...a.outcomes, ...b.outcomes] };
}

function allLives(a: Lives | undefined, b: Lives | undefined): Lives | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const { wanted, ended, kills } = b;
  return {
    wanted: a.wanted + wanted,
    ended: [...a.ended, ...ended],
    kills: [...a.kills, ...kills],
  };
}
