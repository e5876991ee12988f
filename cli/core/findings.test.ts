import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { G1, G2 } from '../../capi/gates.ts';
import { findingsOf } from './findings.ts';
import { PREDICATES } from './rules/gates.ts';
import { REASONS as PIVOT_REASONS } from './rules/pivot-advice.ts';
import { REASONS as TEARDOWN_REASONS } from './rules/teardown-advice.ts';
import { REFUSALS } from './rules/acceptance.ts';
import { claimSaying, reached, beating, checkRow } from '../testing/rows.ts';
import {
  aCluster,
  anInstallation,
  aPivot,
  aPlan,
  aSide,
  LONG,
  SOON,
} from '../testing/snapshots.ts';

describe('findingsOf', () => {
  // oxlint-disable-next-line jest/expect-expect -- checkRow expects
  it.each([
    {
      reason: 'nobody knows why: what the ManagedCluster says itself is told',
      snapshot: claimSaying({ Operational: ['False', 'Odd', 'Pivoted: something odd', LONG] }),
      is: 'Odd',
      severity: 'problem' as const,
      object: 'XManagedCluster demo-x7k2p',
      says: 'Pivoted: something odd.',
      since: LONG,
    },
  ])('$reason', checkRow);

  it('finds nothing in a cluster that is operational', () => {
    const snapshot = claimSaying(
      { Operational: ['True', 'Operational', 'x'], Synced: ['True', 'ReconcileSuccess'] },
      {
        plan: aPlan({ metadata: { generation: 2 }, status: { observedGeneration: 2 } }),
        heartbeat: beating(SOON),
        agentInstallation: anInstallation({ conditions: { Ready: ['True', 'Available'] } }),
        pivot: aPivot({ conditions: { Ready: ['True', 'Complete'] } }),
        workload: reached({ cluster: aCluster('workload', 3, false) }),
      },
    );
    expect(findingsOf(snapshot)).toEqual([]);
  });

  it('tells dangers first, then problems, then waits', () => {
    const snapshot = claimSaying(
      {
        ControlPlaneInitialized: [
          'False',
          'WaitingForEndpoint',
          'Gate G1: waiting for an endpoint',
        ],
        Synced: ['False', 'ReconcileError', 'x'],
      },
      {
        management: aSide({ cluster: aCluster('management', 1, false) }),
        workload: reached({ cluster: aCluster('workload', 3, false) }),
      },
    );
    const severities = findingsOf(snapshot).map(({ severity }) => severity);
    expect(severities).toEqual(['danger', 'problem', 'problem', 'waiting']);
  });
});

/** Reasons of a teardown that goes on by itself. */
const EVERYDAY = ['LettingGo', 'RemovingMachines', 'RemovingSecrets', 'Releasing'];

/** The reasons of outcomes in the sources of a folder. */
function reasonsIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /(?<!\.test)\.ts$/.test(file));
  return sources.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/\b(?:wait|stalled|GiveUp)\(\s*'([A-Z]\w+)'/g)].map(
      ([, reason = '']) => reason,
    );
  });
}

describe('the knowledge', () => {
  it.each([...G1.predicates, ...G2.predicates].filter(({ name }) => name !== 'WaitingForReady'))(
    'has advice on predicate $name',
    ({ name }) => {
      expect(PREDICATES[name]?.next.length).toBeGreaterThan(0);
    },
  );

  it.each([
    'InvalidSpec',
    'NameTaken',
    'ProfileNotFound',
    'ProfileVersionNotFound',
    'InvalidProfile',
    'InvalidVariables',
    'SecretNotFound',
  ])('has advice on refusal %s', (reason) => {
    expect(REFUSALS[reason]?.next.length).toBeGreaterThan(0);
  });

  it.each([
    { folders: ['provider/pivot', 'provider/core/pivot'], known: Object.keys(PIVOT_REASONS) },
    { folders: ['provider/teardown'], known: [...Object.keys(TEARDOWN_REASONS), ...EVERYDAY] },
  ])('has advice on every reason that $folders gives', ({ folders, known }) => {
    const given = folders.flatMap(reasonsIn);
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((reason) => !known.includes(reason))).toEqual([]);
  });
});
