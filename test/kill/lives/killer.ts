import { setTimeout as sleep } from 'node:timers/promises';
import { CROSSPLANE_NAMESPACE, type ManagedProcess } from '@managed-cluster/testbed';
import { messageOf } from '../../../lib/errors.ts';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { SIDES, type Side } from '../../oracle/audit-event.ts';
import type { Random } from '../random.ts';
import { freeLeases, killApiServer, killManager, MANAGERS } from '../victims.ts';
import type { Battle } from './battle.ts';
import type { LifeKill } from './life.ts';

/** Killer kills one process after the other, at random moments. */
export interface Killer {
  /**
   * While it spares Cluster API and the API servers, the rest is killed on: a manager that starts anew
   * takes half a minute to reach the machines, so that none would ever become Ready.
   */
  spare(isSpared: boolean): void;
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

/** Milliseconds between two kills, at least and at most: all work for a moment in between. */
const QUIET_MS = [500, 2500] as const;

/**
 * Phases in which Cluster API makes machines. Of one whose create got no answer, because the API server
 * died, it deletes the KubeadmConfig and the infrastructure, although the Machine may be there (CAPI v1.14
 * machineset_controller.go and controlplane/kubeadm helpers.go); that never heals, and is not ours.
 */
const GROWING: readonly string[] = ['New', 'Provisioning', 'SelfManaged'];

/** Whether something was there to be killed. */
type Strike = () => Promise<boolean>;

type Victim = readonly [string, Strike];

interface Hunt {
  readonly signal: AbortSignal;
  /** Who may be killed now. */
  readonly victims: (phases: readonly string[]) => readonly Victim[];
}

/** startKiller begins at once. */
export function startKiller(battle: Battle, options: KillerOptions): Killer {
  const end = new AbortController();
  const { gentle, managers, apiServers } = victimsOf(battle);
  let harsh = true;
  const loop = killAgain(battle, options, {
    signal: end.signal,
    victims: (phases) => [
      ...gentle,
      ...(harsh ? managers : []),
      ...(harsh && !phases.some((phase) => GROWING.includes(phase)) ? apiServers : []),
    ],
  });
  return {
    spare(isSpared) {
      harsh = !isSpared;
    },
    async stop() {
      end.abort();
      await loop;
    },
  };
}

async function killAgain(
  battle: Battle,
  { random, phases, struck }: KillerOptions,
  { signal, victims }: Hunt,
): Promise<void> {
  while (!signal.aborted) {
    const quiet = QUIET_MS[0] + random.below(QUIET_MS[1] - QUIET_MS[0]);
    try {
      // oxlint-disable-next-line no-await-in-loop -- one kill after the other
      await sleep(quiet, undefined, { signal }).catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const before = await phases();
      const [victim, strike] = random.pick(victims(before));
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (await strike()) struck({ victim, phases: before });
    } catch (error) {
      battle.tell(`a kill failed: ${messageOf(error)}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- what ended by itself is started as Kubernetes would
    await revive(battle);
  }
}

/** Each as often as it is to be drawn: Crossplane and the function above all. */
function victimsOf(
  battle: Battle,
): Readonly<Record<'gentle' | 'managers' | 'apiServers', Victim[]>> {
  const { core, function: ours } = battle.stage.crossplane;
  const gentle: Victim[] = [
    ...times(5, ['crossplane', () => restarted(core)] as const),
    ...times(5, ['function', () => restarted(ours)] as const),
    ...times(3, ['provider', () => killProvider(battle)] as const),
    ['agent', () => killPodsOf(battle, 'workload', AGENT_NAMESPACE)],
  ];
  const managers = SIDES.flatMap((side) =>
    MANAGERS.map((namespace): Victim => [
      `${namespace} of ${side}`,
      () => killPodsOf(battle, side, namespace),
    ]),
  );
  const apiServers = SIDES.flatMap((side) =>
    times(2, [
      `API server of ${side}`,
      () => killApiServer(battle, side).then(() => true),
    ] as const),
  );
  return { gentle, managers, apiServers };
}

async function killPodsOf(battle: Battle, side: Side, namespace: string): Promise<boolean> {
  return (await killManager(battle, side, namespace)) > 0;
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
