import { describe, expect, it } from '@jest/globals';
import { relayed } from '../../lib/apis/reasons/reason-list.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import { doneWith, stalled, wait } from '../../lib/reconcile/outcome.ts';
import { KubeconfigMissingError } from '../workload-clients.ts';
import { nextPass } from './pacing.ts';
import { partMemory, type PartMemory } from './part-memory.ts';
import type { NamedOutcome, NeededPart, Part, PartName, PartOutcome, Scope } from './part.ts';
import { runParts } from './run-parts.ts';

function ready(): PartOutcome {
  return doneWith({});
}

/** The parts of these tests do not use it. */
const SCOPE = {} as unknown as Scope;

function part(
  name: PartName,
  needs: readonly NeededPart[],
  ...answers: readonly (() => PartOutcome)[]
): Part & { readonly calls: () => number } {
  let calls = 0;
  return {
    name,
    needs,
    calls: () => calls,
    run: async () => {
      calls += 1;
      return (answers[calls - 1] ?? ready)();
    },
  };
}

function unreachable(): never {
  throw new Error('cannot read', { cause: new UnreachableError('no answer') });
}

function missing(): never {
  throw new Error('cannot read', { cause: new KubeconfigMissingError('no Secret') });
}

async function run(parts: readonly Part[], memory: PartMemory): Promise<readonly unknown[]> {
  const all = await runParts(parts, SCOPE, memory);
  return all.map(({ name, outcome }) => [name, outcome.kind === 'Done' ? 'ready' : outcome.reason]);
}

describe('runParts', () => {
  it('blocks only the parts that need an open part', async () => {
    const parts = [
      part('Target', [], () => wait('WaitingForCRDs', 'CRDs')),
      part('Agent', ['Target']),
      part('NodeLayersReady', ['Agent']),
      part('Identity', []),
    ];

    expect(await run(parts, partMemory(1000))).toEqual([
      ['Target', 'WaitingForCRDs'],
      ['Agent', 'WaitingForTarget'],
      ['NodeLayersReady', 'WaitingForAgent'],
      ['Identity', 'ready'],
    ]);
  });

  it('checks open parts again, and not those that finished recently', async () => {
    const [target, agent] = [
      part('Target', []),
      part('Agent', ['Target'], () => wait('WaitingForAgent', 'a Pod')),
    ];
    const memory = partMemory(60_000);
    await run([target, agent], memory);

    expect(await run([target, agent], memory)).toEqual([
      ['Target', 'ready'],
      ['Agent', 'ready'],
    ]);
    expect([target.calls(), agent.calls()]).toEqual([1, 2]);
  });

  it('invalidates everything if the cluster is unreachable, or circumstances change', async () => {
    const [target, agent] = [part('Target', []), part('Agent', ['Target'], ready, unreachable)];
    const memory = partMemory(60_000);
    memory.under('a');
    await run([target, agent], memory);
    memory.under('b');
    expect(await run([target, agent], memory)).toEqual([
      ['Target', 'ready'],
      ['Agent', 'Unreachable'],
    ]);
    memory.under('b');
    await run([target, agent], memory);
    expect(target.calls()).toBe(3);
  });

  it('waits for a kubeconfig that does not exist yet, without the back-off of a failure', async () => {
    const memory = partMemory(60_000);
    const parts = await runParts([part('Target', [], missing)], SCOPE, memory);
    const pacing = { checkMs: 60_000, random: (): number => 1 };
    const waits = Array.from({ length: 200 }, () => nextPass(parts, memory, pacing));

    expect(parts[0]?.outcome).toEqual(wait('WaitingForKubeconfig', 'no Secret'));
    expect(Math.max(...waits)).toBe(10_000);
  });

  it('always checks the status of the agent, which costs nothing', async () => {
    const word = part('AgentConnected', [], ready, () =>
      wait(relayed({ reason: 'AgentSilent' }) ?? 'Failed', 'the agent'),
    );
    const memory = partMemory(60_000);
    await run([word], memory);

    expect(await run([word], memory)).toEqual([['AgentConnected', 'AgentSilent']]);
  });
});

describe('nextPass', () => {
  const pacing = { checkMs: 60_000, random: (): number => 1 };
  const failed: readonly NamedOutcome[] = [
    { name: 'Target', outcome: stalled('Unreachable', 'no answer') },
  ];

  it('backs off from an unreachable cluster, up to five minutes', () => {
    const memory = partMemory(0);
    const waits = Array.from({ length: 12 }, () => nextPass(failed, memory, pacing));

    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(waits.at(-1)).toBe(300_000);
    nextPass([{ name: 'Target', outcome: ready() }], memory, pacing);
    expect(nextPass(failed, memory, pacing)).toBe(1000);
  });

  it.each([
    { reason: 'all is ready', name: 'Target', outcome: ready(), ms: 60_000 },
    {
      reason: 'something takes its time',
      name: 'Providers',
      outcome: wait('WaitingForProviders', 'a'),
      ms: 1000,
    },
    {
      reason: 'a watch tells the rest',
      name: 'AgentConnected',
      outcome: wait('WaitingForProviders', 'a'),
      ms: 60_000,
    },
  ])('is after $ms ms when $reason', ({ name, outcome, ms }) => {
    expect(nextPass([{ name, outcome }], partMemory(0), pacing)).toBe(ms);
  });
});
