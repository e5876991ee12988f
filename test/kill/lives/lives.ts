import {
  accessTo,
  applyObjects,
  type CommandContext,
  grantAccess,
  leftovers,
  TEARDOWN_REPORT,
} from '@managed-cluster/testbed';
import { messageOf } from '../../../lib/errors.ts';
import type { Random } from '../random.ts';
import { startBattle, type Battle } from './battle.ts';
import {
  accessRef,
  aClaim,
  applyClaim,
  freshSite,
  isGrown,
  phaseOf,
  refOf,
  until,
  type Claim,
} from './claim.ts';
import { startKiller, type Killer } from './killer.ts';
import type { Life, LifeKill, Lives } from './life.ts';
import { reliably } from './reliably.ts';

/** LivesOptions say how many claims live, and who is told. */
export interface LivesOptions {
  readonly random: Random;
  readonly count: number;
  readonly expired: () => boolean;
  readonly take: (soFar: Lives) => void;
  /** Told when the world has started, and at its end of what was found about secrets. */
  readonly started: () => void;
  readonly looked: (found: readonly string[]) => void;
}

/** As many grow at a time up to the moment at which they need an agent; then one has it. */
const AHEAD = 3;

/** lives lets claims live from apply to delete in a world of their own while everything is killed. */
export async function lives(context: CommandContext, options: LivesOptions): Promise<void> {
  const battle = await startBattle(context);
  options.started();
  try {
    await applyObjects(battle.sites.management.api, 'examples/dev/profile.yaml');
    await underFire(battle, options);
    await battle.witness.rememberSecrets();
    const leaks = await battle.witness.judgeSecrecy();
    options.looked(leaks.map(({ where, message }) => `I6: lives: ${where}: ${message}`));
  } finally {
    await battle.stop();
  }
}

async function underFire(battle: Battle, options: LivesOptions): Promise<void> {
  const { random, count, expired, take } = options;
  const { api } = battle.sites.management;
  const ended: Life[] = [];
  const kills: LifeKill[] = [];
  const claims: Claim[] = [];
  function report(): void {
    take({ wanted: count, ended: [...ended], kills: [...kills] });
  }
  const killer = startKiller(battle, {
    random,
    phases: () => Promise.all(claims.map((claim) => phaseOf(api, claim))),
    struck(kill) {
      kills.push(kill);
      battle.tell(`kill ${kills.length}: ${kill.victim} (${kill.phases.join(', ')})`);
      report();
    },
  });
  let applied = 0;
  report();
  while (ended.length < count && !expired()) {
    while (applied < count && (claims.length === 0 || applied % AHEAD > 0)) {
      applied += 1;
      const claim = aClaim(applied);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await applyClaim(api, claim);
      claims.push(claim);
    }
    const [claim] = claims;
    if (claim === undefined) break;
    // oxlint-disable-next-line no-await-in-loop -- one workload site: one at a time has an agent
    const life = await live(battle, killer, claim);
    ended.push(life);
    claims.shift();
    battle.tell(JSON.stringify(life));
    report();
    if (life.stuck !== undefined) break; // the site is not free for another one
  }
  await killer.stop();
}

/** From the moment at which it needs an agent until nothing is left of it. */
async function live(battle: Battle, killer: Killer, claim: Claim): Promise<Life> {
  let life: Life = { ...claim, findings: [] };
  try {
    life = { ...life, grown: await grow(battle, killer, claim) };
    life = { ...life, findings: await findingsOf(battle, claim, false) };
    life = { ...life, gone: await goAway(battle, claim) };
    const found = await findingsOf(battle, claim, true);
    const left = await leftOf(battle, claim);
    return { ...life, findings: [...new Set([...life.findings, ...found, ...left])] };
  } catch (error) {
    return { ...life, stuck: messageOf(error) };
  }
}

/** Seconds until it manages itself and works, since it was given a way into the cluster. */
async function grow({ sites, witness }: Battle, killer: Killer, claim: Claim): Promise<number> {
  const { management, workload } = sites;
  const { api } = management;
  await until(api, claim, {
    what: 'to need an agent',
    look: async () => (await phaseOf(api, claim)) === 'InstallingAgent',
  });
  await freshSite(workload.api);
  const begin = performance.now();
  const access = await accessTo(workload);
  await reliably('the access to be given', () => grantAccess(api, accessRef(claim), access));
  await until(api, claim, {
    what: 'to be SelfManaged',
    look: async () => (await phaseOf(api, claim)) === 'SelfManaged',
  });
  killer.spare(true);
  await until(api, claim, { what: 'to be Operational', look: () => isGrown(api, claim) });
  killer.spare(false);
  const seconds = (performance.now() - begin) / 1000;
  await reliably('all Secrets to be seen', () => witness.rememberSecrets());
  return seconds;
}

/** Seconds until it is gone. */
async function goAway({ sites }: Battle, claim: Claim): Promise<number> {
  const { api } = sites.management;
  const begin = performance.now();
  await reliably(`${claim.name} to be deleted`, () => api.delete(refOf(claim)));
  await until(api, claim, {
    what: 'to be gone',
    look: async () => (await api.get(refOf(claim))) === undefined,
  });
  return (performance.now() - begin) / 1000;
}

/** In a teardown the provider deletes what was made for the cluster. */
async function findingsOf(
  { witness }: Battle,
  { name }: Claim,
  isDeleted: boolean,
): Promise<readonly string[]> {
  await reliably('the witness to look', () => witness.look());
  return witness
    .judge(name, {
      atRest: true,
      ...(isDeleted && { mayDelete: ({ namespace }) => namespace === name }),
    })
    .map(({ invariant, message }) => `${invariant}: ${message}`);
}

async function leftOf({ sites }: Battle, claim: Claim): Promise<readonly string[]> {
  const { name } = claim;
  const except = [
    TEARDOWN_REPORT,
    new RegExp(`^(Secret|Namespace)/${name}(-api)?$`),
    othersThan(claim),
  ];
  const found = await Promise.all(
    [
      { api: sites.management.api, traces: {} },
      { api: sites.workload.api, traces: { namespace: name } },
    ].map(({ api, traces }) =>
      reliably('what is left to be listed', () =>
        leftovers(api, { cluster: name, except, ...traces }),
      ),
    ),
  );
  return found.flat().map((one) => `I7: left behind: ${one}`);
}

/** Objects of the claims that live beside it: they bear finalizers of ours too. */
function othersThan({ name }: Claim): RegExp {
  const [, number = ''] = name.split('-');
  return new RegExp(`^[^/]+/life-(?!${number}(-|$))`);
}
