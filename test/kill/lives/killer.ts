import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../lib/errors.ts';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { CROSSPLANE_NAMESPACE } from '../../world/crossplane/chart.ts';
import type { ManagedProcess } from '../../world/processes.ts';
import type { Random } from '../random.ts';
import { freeLeases, killApiServer, killManager, MANAGERS } from '../victims.ts';
import type { Battle } from './battle.ts';
import type { LifeKill } from './life.ts';

/** Killer kills one process after the other, at random moments. */
export interface Killer {
  /** Ends after the kill that is on its way; all processes run again then. */
  stop(): Promise<void>;
}

/** KillerOptions say what is told of each kill. */
export interface KillerOptions {
  readonly random: Random;
  /** What the clusters are at, asked for just before each kill. */
  readonly phases: () => Promise<readonly string[]>;
  readonly struck: (kill: LifeKill) => void;
}

/** Milliseconds between two kills, at least and at most: all work for some seconds in between. */
const QUIET_MS = [1000, 4000] as const;

/** Whether something was there to be killed. */
type Strike = () => Promise<boolean>;

/** startKiller begins at once. */
export function startKiller(battle: Battle, options: KillerOptions): Killer {
  const end = new AbortController();
  const loop = killAgain(battle, options, end.signal);
  return {
    async stop() {
      end.abort();
      await loop;
    },
  };
}

async function killAgain(
  battle: Battle,
  { random, phases, struck }: KillerOptions,
  signal: AbortSignal,
): Promise<void> {
  const victims = weighted(battle);
  while (!signal.aborted) {
    const [victim, strike] = random.pick(victims);
    const quiet = QUIET_MS[0] + random.below(QUIET_MS[1] - QUIET_MS[0]);
    try {
      // oxlint-disable-next-line no-await-in-loop -- one kill after the other
      await sleep(quiet, undefined, { signal }).catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const before = await phases();
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (await strike()) struck({ victim, phases: before });
    } catch (error) {
      battle.tell(`kill ${victim}: ${messageOf(error)}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- what ended by itself is started as Kubernetes would
    await revive(battle);
  }
}

/** Each as often as it is to be drawn: Crossplane and the function above all. */
function weighted(battle: Battle): readonly (readonly [string, Strike])[] {
  const { stage, sites } = battle;
  const { core, function: ours } = stage.crossplane;
  const always: readonly (readonly [string, Strike])[] = [
    ...times(5, ['crossplane', () => restarted(core)] as const),
    ...times(5, ['function', () => restarted(ours)] as const),
    ...times(3, ['provider', () => killProvider(battle)] as const),
    ['agent', () => killManager(battle, 'workload', AGENT_NAMESPACE).then((count) => count > 0)],
  ];
  const bothSides = (['management', 'workload'] as const).flatMap((side) => [
    [
      `API server of ${side}`,
      () => killApiServer({ ...battle, sites }, side).then(() => true),
    ] as const,
    ...MANAGERS.map(
      (namespace) =>
        [
          `${namespace} of ${side}`,
          () => killManager(battle, side, namespace).then((count) => count > 0),
        ] as const,
    ),
  ]);
  return [...always, ...bothSides];
}

function times<T>(count: number, one: T): readonly T[] {
  return Array.from({ length: count }, () => one);
}

async function restarted(process: ManagedProcess): Promise<boolean> {
  const ran = process.pid() !== undefined;
  await process.restart('kill');
  return ran;
}

/** It fights for a Lease here, as replicas do; a dead one holds it for 15 seconds. */
async function killProvider({ stage, sites }: Battle): Promise<boolean> {
  const { first } = stage.provider;
  const ran = first.pid() !== undefined;
  first.kill('SIGKILL');
  await first.exited();
  await freeLeases(sites.management, CROSSPLANE_NAMESPACE);
  await first.start();
  return ran;
}

async function revive({ stage, tell }: Battle): Promise<void> {
  for (const process of [stage.crossplane.core, stage.crossplane.function, stage.provider.first]) {
    if (process.pid() !== undefined) continue;
    tell(`${process.name} had ended by itself`);
    // oxlint-disable-next-line no-await-in-loop -- three at most
    await process.start().catch((error: unknown) => tell(messageOf(error)));
  }
}
