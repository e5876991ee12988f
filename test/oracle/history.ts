import { actOf, type Act } from './act.ts';
import type { AuditEvent, Side, Span } from './audit-event.ts';
import { livesOf, type Life, type Listing } from './life.ts';
import { sightingOf, sightingsOf, type ListedObject, type Sighting } from './sighting.ts';

/** ClusterHistory is all that happened to one cluster on both sides. */
export interface ClusterHistory {
  readonly namespace: string;
  readonly name: string;
  /** Lives of its Cluster object, by their beginning. */
  readonly clusters: readonly Life[];
  /** Lives of its Machines, by their beginning. */
  readonly machines: readonly Life[];
}

/** Heard says when a watch told of an object, in microseconds since 1970, and whether of its end. */
export interface Heard {
  readonly time: number;
  readonly gone: boolean;
}

/** History is what the oracle keeps of the audit logs; it grows with them. */
export class History {
  readonly #sightings: Sighting[] = [];
  readonly #known = new Set<string>();
  readonly #listings: Record<Sighting['kind'], Listing[]> = { Cluster: [], Machine: [] };
  readonly #acts: Act[] = [];

  /** Takes in what an audit log of a side has new. */
  add(side: Side, events: readonly AuditEvent[]): void {
    for (const event of events) {
      const act = actOf(event, side);
      if (act !== undefined) this.#acts.push(act);
      for (const sighting of sightingsOf(event, side)) this.#keep(sighting);
    }
  }

  /**
   * Takes in a complete list of the Clusters or Machines of a side, which tells what a killed API
   * server could not write down. `span` is from before the request until after the answer.
   */
  addList(side: Side, kind: Sighting['kind'], objects: readonly ListedObject[], span: Span): void {
    const uids = new Set(objects.map(({ metadata }) => metadata?.uid ?? ''));
    this.#listings[kind].push({ side, span, uids });
    for (const object of objects) this.#see(sightingOf(side, object, { span, gone: false }));
  }

  /**
   * Takes in an object that a watch of a side has told of, or its end: a killed API server has no time
   * to write down what it did last, but watches hear of it. `time` is when it was heard.
   */
  addSeen(side: Side, object: ListedObject, { time, gone }: Heard): void {
    this.#see(sightingOf(side, object, { span: { from: time, to: time }, gone }));
  }

  /** All writes of both sides, by the time at which they were answered. */
  get acts(): readonly Act[] {
    return this.#acts.toSorted((a, b) => a.span.to - b.span.to);
  }

  /** All clusters that were ever seen, or those of a namespace. */
  clusters(namespace?: string): readonly ClusterHistory[] {
    const groups = new Map<string, Sighting[]>();
    for (const sighting of this.#sightings) {
      if (namespace !== undefined && sighting.namespace !== namespace) continue;
      const key = `${sighting.namespace}/${sighting.state.cluster}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [sighting]);
      else group.push(sighting);
    }
    return [...groups].flatMap(([key, all]) => this.#cluster(key, all));
  }

  #cluster(key: string, all: readonly Sighting[]): readonly ClusterHistory[] {
    const [namespace = '', name = ''] = key.split('/');
    if (name === '') return []; // the end of a Machine whose answer says no more than that
    const own = all.filter(({ kind }) => kind === 'Cluster');
    const uids = new Set(all.filter(({ kind }) => kind === 'Machine').map(({ uid }) => uid));
    const machines = this.#sightings.filter(({ uid }) => uids.has(uid));
    return [
      {
        namespace,
        name,
        clusters: livesOf(own, this.#listings.Cluster),
        machines: livesOf(machines, this.#listings.Machine),
      },
    ];
  }

  #see(sighting: Sighting | undefined): void {
    if (sighting !== undefined) this.#keep(sighting);
  }

  /** A look at a state that is known already tells nothing new; every write does. */
  #keep(sighting: Sighting): void {
    const { side, uid, version, isWrite, gone } = sighting;
    const key = `${side} ${uid} ${version}`;
    if (!isWrite && !gone && this.#known.has(key)) return;
    this.#known.add(key);
    this.#sightings.push(sighting);
  }
}
