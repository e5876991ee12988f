import type { Side, Span } from './audit-event.ts';
import type { Sighting, State } from './sighting.ts';

/** Life is one object (one uid) from its creation to its end. */
export interface Life {
  readonly side: Side;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly born: Span;
  /** Who made it; absent when the log does not tell. */
  readonly maker?: string;
  /** Every state that differs from the one before, in the order of resourceVersions. */
  readonly states: readonly Phase[];
  /** Absent while it lives. */
  readonly gone?: Span;
  /** Who asked last before it was gone; absent when the log does not tell. */
  readonly ender?: string;
}

/** Phase is a state with the time in which it began. */
export interface Phase {
  readonly began: Span;
  readonly actor: string;
  readonly state: State;
}

/** Listing says which objects of a kind were there at some time, for the ends that a log missed. */
export interface Listing {
  readonly side: Side;
  readonly span: Span;
  readonly uids: ReadonlySet<string>;
}

/** livesOf are the lives that sightings of one kind tell of, in the order of their beginning. */
export function livesOf(
  sightings: readonly Sighting[],
  listings: readonly Listing[] = [],
): readonly Life[] {
  const byUid = new Map<string, Sighting[]>();
  for (const one of sightings) {
    const key = `${one.side} ${one.uid}`;
    const known = byUid.get(key);
    if (known === undefined) byUid.set(key, [one]);
    else known.push(one);
  }
  const lives = [...byUid.values()].flatMap((all) => lifeOf(all, listings));
  return lives.toSorted((a, b) => a.born.from - b.born.from);
}

function lifeOf(all: readonly Sighting[], listings: readonly Listing[]): readonly Life[] {
  const shown = inOrder(all.filter(({ version }) => version > 0));
  const [first] = shown;
  if (first === undefined) return [];
  const { side, namespace, name, uid, span } = first;
  const life = { side, namespace, name, uid, born: span, states: phasesOf(shown) };
  const made = first.isCreate ? { maker: first.actor } : {};
  return [{ ...life, ...made, ...endOf(all, shown, listings) }];
}

/** The audit log tells the end best; a watch or a list that it was before then. */
function endOf(
  all: readonly Sighting[],
  shown: readonly Sighting[],
  listings: readonly Listing[],
): Pick<Life, 'gone' | 'ender'> {
  const ends = all.filter(({ gone }) => gone);
  const written = ends.find(({ isWrite }) => isWrite);
  if (written !== undefined) return { gone: written.span, ender: written.actor };
  const [heard] = ends;
  const before = shown.findLast(({ gone }) => !gone)?.span.from ?? 0;
  const gone = heard ? { from: before, to: heard.span.to } : missedEnd(shown, listings);
  return gone === undefined ? {} : { gone };
}

/** One sighting for each resourceVersion: the write that made it rather than a look at it. */
function inOrder(sightings: readonly Sighting[]): readonly Sighting[] {
  const sorted = sightings.toSorted(
    (a, b) =>
      a.version - b.version || Number(b.isWrite) - Number(a.isWrite) || a.span.from - b.span.from,
  );
  return sorted.filter(({ version }, at) => version !== sorted[at - 1]?.version);
}

function phasesOf(shown: readonly Sighting[]): readonly Phase[] {
  const phases: Phase[] = [];
  shown.forEach(({ state, isWrite, span, actor }, at) => {
    const last = phases.at(-1)?.state;
    if (last !== undefined && JSON.stringify(last) === JSON.stringify(state)) return;
    const before = shown[at - 1]?.span;
    // What was only looked at began at some time after what was seen before.
    const from = isWrite || before === undefined ? span.from : before.from;
    phases.push({ began: { from, to: span.to }, actor, state });
  });
  return phases;
}

/** It is not in a list that was taken after it was seen last: its end is between the two. */
function missedEnd(shown: readonly Sighting[], listings: readonly Listing[]): Span | undefined {
  const last = shown.at(-1);
  if (last === undefined) return undefined;
  const latest = shown.reduce((most, { span }) => Math.max(most, span.to), 0);
  const without = listings.find(
    ({ side, span, uids }) => side === last.side && span.from > latest && !uids.has(last.uid),
  );
  return without && { from: last.span.from, to: without.span.to };
}

/** stateAt is the state that an object surely has at a time; undefined when it is not alive then. */
export function stateAt(life: Life, time: number): State | undefined {
  if (life.born.to > time || (life.gone !== undefined && life.gone.to <= time)) return undefined;
  return life.states.findLast(({ began }) => began.to <= time)?.state ?? life.states[0]?.state;
}

/** isAlive says whether an object may be alive at a time. */
export function isAlive(life: Life, time: number): boolean {
  return life.born.from <= time && (life.gone === undefined || life.gone.to > time);
}
