import { pivotObject } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { messageOf } from '../../lib/errors.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { otherSide, SIDES, type Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { resetProxies, strikeAt, writeName, type KillPoint } from './kill-point.ts';
import { NOT_REACHED, type Disturbance, type Outcome } from './outcome.ts';
import { accessName, type Product } from './product.ts';
import { inventory, machinesOf, operational, type Subject } from './subject.ts';

/** Place is a subject and the side that owns it; what it consists of never changes. */
export interface Place {
  readonly subject: Subject;
  side: Side;
  /** Name and providerID of each Machine; learned at the first handover. */
  machines: readonly string[];
  /** Handovers so far; each has a Pivot of its own. */
  pivots: number;
  /** A handover got stuck half-way: nothing more can be proved with it. */
  lost: boolean;
}

/** aPlace is a subject that was just made. */
export function aPlace(subject: Subject): Place {
  return { subject, side: 'management', machines: [], pivots: 0, lost: false };
}

/** killingAt kills the provider at a write and starts it again. */
export function killingAt(arena: Arena, product: Product, point: KillPoint): Disturbance {
  const { provider } = product;
  return {
    name: `kill ${point.when} write ${point.write} on ${point.side}`,
    kind: 'provider',
    begin(step) {
      let restarted: Promise<void> = Promise.resolve();
      let reached = '-';
      const strike = strikeAt(arena.proxies, point, async () => {
        provider.kill('SIGKILL');
        await provider.exited();
        reached = await step();
        restarted = provider.start();
      });
      return async () => {
        strike.cancel();
        await restarted;
        const hit = strike.hit();
        return { write: hit === undefined ? NOT_REACHED : writeName(hit), step: reached };
      };
    },
  };
}

/** Longer than any back-off of the product after a fault; a handover that takes longer is stuck. */
const TIMEOUT_MS = 150_000;

/** handOver hands a subject to the other side while it is disturbed, and lets the oracle judge. */
export async function handOver(
  arena: Arena,
  place: Place,
  disturbance: Disturbance,
): Promise<Outcome> {
  const to = otherSide(place.side);
  try {
    return await disturbed(arena, place, { disturbance, to });
  } catch (error) {
    place.lost = true;
    const cluster = place.subject.name;
    const { name, kind } = disturbance;
    const unknown = { write: NOT_REACHED, step: '-', findings: [] };
    return { cluster, to, disturbance: name, kind, stuck: messageOf(error), ...unknown };
  }
}

async function disturbed(
  arena: Arena,
  place: Place,
  { disturbance, to }: { readonly disturbance: Disturbance; readonly to: Side },
): Promise<Outcome> {
  const { subject } = place;
  const found = performance.now();
  await operational(arena.sites[place.side].api, subject);
  const rested = (performance.now() - found) / 1000;
  if (place.machines.length === 0) {
    place.machines = await machinesOf(arena.sites[place.side].api, subject);
  }
  await removePivot(arena, place);
  resetProxies(arena, subject);
  const end = disturbance.begin(() => pivotOf(arena, place).then(stepOf, () => '-'));
  const begin = performance.now();
  await makePivot(arena, place, to);
  const stuck = await ready(arena, place);
  const seconds = (performance.now() - begin) / 1000;
  const hit = await end();
  const pivot = await pivotOf(arena, place);
  const { name, kind } = disturbance;
  const outcome = { cluster: subject.name, to, disturbance: name, kind, rested, ...hit };
  if (stuck !== undefined) {
    const findings = await findingsOf(arena, place, false);
    place.lost = (await ownersOf(arena, subject)).join() !== place.side;
    return { ...outcome, stuck, findings };
  }
  place.side = to;
  const findings = await findingsOf(arena, place, true);
  return { ...outcome, seconds, findings, ...gapOf(arena, place, pivot) };
}

/** The sides on which the Cluster is not paused. */
async function ownersOf({ sites }: Arena, subject: Subject): Promise<readonly Side[]> {
  const found = await Promise.all(
    SIDES.map(async (side) => {
      const { paused } = await inventory(sites[side].api, subject);
      return paused === false ? [side] : [];
    }),
  );
  return found.flat();
}

async function findingsOf(
  { sites, witness }: Arena,
  { subject, side, machines }: Place,
  atRest: boolean,
): Promise<readonly string[]> {
  await witness.look();
  const found = witness
    .judge(subject.name, { atRest })
    .map(({ invariant, message }) => `${invariant}: ${message}`);
  if (!atRest) return found;
  const now = await machinesOf(sites[side].api, subject);
  const same = JSON.stringify(now) === JSON.stringify(machines);
  return same ? found : [...found, `I3: Machines were ${machines.join()} and are ${now.join()}`];
}

function gapOf(
  { witness }: Arena,
  { subject, side }: Place,
  pivot: KubeObject | undefined,
): Pick<Outcome, 'unmanagedMs' | 'auditedMs'> {
  const told = recordIn(pivot, 'status')?.['unmanagedMilliseconds'];
  const last = witness.handovers(subject.name).at(-1);
  return {
    ...(typeof told === 'number' && { unmanagedMs: told }),
    ...(last?.to === side && { auditedMs: last.milliseconds }),
  };
}

function pivotRef({ subject, pivots }: Place) {
  return { ...PIVOT, namespace: subject.name, name: `${subject.name}-${pivots}` };
}

function pivotOf({ sites }: Arena, place: Place): Promise<KubeObject | undefined> {
  return sites.management.api.get(pivotRef(place));
}

async function removePivot({ sites }: Arena, place: Place): Promise<void> {
  const { api } = sites.management;
  const ref = pivotRef(place);
  await api.delete(ref);
  await waitFor({
    what: `Pivot ${ref.name} to be gone`,
    timeoutMs: 60_000,
    look: async () => ((await api.get(ref)) === undefined ? true : undefined),
  });
}

async function makePivot({ sites }: Arena, place: Place, to: Side): Promise<void> {
  place.pivots += 1;
  const { namespace, name } = pivotRef(place);
  const { subject } = place;
  const access = accessName(subject);
  await sites.management.api.create(
    pivotObject({ namespace, name, cluster: subject.name, access, to }),
  );
}

/** Undefined when the Pivot has become Ready, else why it has not. */
async function ready(arena: Arena, place: Place): Promise<string | undefined> {
  try {
    await waitFor({
      what: `Pivot of ${place.subject.name}`,
      timeoutMs: TIMEOUT_MS,
      intervalMs: 100,
      look: async () => (isTrue(await pivotOf(arena, place), 'Ready') ? true : undefined),
    });
    return undefined;
  } catch {
    const pivot = await pivotOf(arena, place);
    return conditionOf(pivot, 'Ready')?.message ?? 'the Pivot has no condition Ready';
  }
}

function stepOf(pivot: KubeObject | undefined): string {
  const phase = recordIn(pivot, 'status')?.['phase'];
  return typeof phase === 'string' ? phase : '-';
}
