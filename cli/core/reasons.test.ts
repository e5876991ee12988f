import { describe, expect, it } from '@jest/globals';
import { REASON_LISTS } from '../../lib/apis/reasons/lists.ts';
import type { ReasonList } from '../../lib/apis/reasons/reason-list.ts';
import { findingsOf } from './findings.ts';
import { REFUSALS } from './rules/acceptance.ts';
import { ANYTHING as ANY_OF_AGENT, CONNECTED_REASONS } from './rules/agent-advice.ts';
import { ANY as ANY_PART } from './rules/installation-advice.ts';
import { ANYTHING as ANY_OF_PIVOT } from './rules/pivot-advice.ts';
import { REASONS as TEARDOWN_REASONS } from './rules/teardown-advice.ts';
import type { Snapshot } from './snapshot.ts';
import { claimSaying } from '../testing/rows.ts';
import {
  ACCEPTED,
  aComposite,
  anInstallation,
  aPivot,
  aPlan,
  aSnapshot,
  SOON,
} from '../testing/snapshots.ts';

/** How a snapshot carries a reason of a list, and how the finding about it is called where not by the reason. */
interface Carrier {
  readonly snapshot: (reason: string) => Snapshot;
  readonly isCalled?: (reason: string) => string;
  /** Reasons with advice of their own, where the advice on an unknown one looks the same. */
  readonly known?: readonly string[];
}

const CARRIERS: Readonly<Partial<Record<string, Carrier>>> = {
  ACCEPTED_REASONS: {
    snapshot: (reason) =>
      claimSaying({ Accepted: [reason === 'Paused' ? 'True' : 'False', reason, 'x'] }),
    known: ['Paused', ...Object.keys(REFUSALS)],
  },
  MILESTONE_REASONS: {
    snapshot: (reason) =>
      claimSaying(
        { AgentInstalled: ['False', reason, 'x'], Pivoted: ['False', reason, 'x'] },
        reason === 'WaitingForProvider' ? { agentInstallation: anInstallation() } : {},
      ),
    isCalled: (reason) => (reason === 'WaitingForProvider' ? 'ProviderSilent' : reason),
  },
  G1_REASONS: {
    snapshot: (reason) => claimSaying({ ControlPlaneInitialized: ['False', reason, 'x'] }),
  },
  G2_REASONS: { snapshot: (reason) => claimSaying({ Pivoted: ['False', reason, 'x'] }) },
  TEARDOWN_REASONS: {
    snapshot: (reason) =>
      aSnapshot(
        aComposite({
          metadata: { deletionTimestamp: SOON },
          status: { phase: 'Deleting' },
          conditions: { ...ACCEPTED, Operational: ['False', reason, 'x'] },
        }),
      ),
    known: Object.keys(TEARDOWN_REASONS),
  },
  PART_REASONS: {
    snapshot: (reason) => {
      const parts = [{ name: 'Some', ready: false, reason, message: 'x' }];
      const conditions = { Ready: ['False', reason, 'Some: x'] } as const;
      return claimSaying(
        {},
        { agentInstallation: anInstallation({ conditions, status: { parts } }) },
      );
    },
  },
  INSTALLATION_READY_REASONS: {
    snapshot: (reason) => {
      const conditions = { Ready: ['False', reason, 'x'] } as const;
      return claimSaying({}, { agentInstallation: anInstallation({ conditions }) });
    },
  },
  SYNCED_REASONS: {
    snapshot: (reason) => {
      const paused = reason === 'ReconcilePaused' ? { 'crossplane.io/paused': 'true' } : {};
      return claimSaying(
        {},
        { agentInstallation: anInstallation({ metadata: { annotations: paused } }) },
      );
    },
  },
  PREPARE_REASONS: { snapshot: (reason) => pivotSaying('Ready', 'False', reason) },
  READY_REASONS: { snapshot: (reason) => pivotSaying('Ready', 'False', reason) },
  ABORTED_REASONS: { snapshot: (reason) => pivotSaying('Aborted', 'True', reason) },
  MACHINES_REASONS: {
    snapshot: (reason) => planSaying('ControlPlaneReady', reason),
    isCalled: () => 'ControlPlaneNotReady',
  },
  LAYERS_REASONS: {
    snapshot: (reason) => planSaying('NodeLayersReady', reason),
    isCalled: () => 'NodeLayersNotReady',
  },
  PLAN_ACCEPTED_REASONS: { snapshot: (reason) => planSaying('PlanAccepted', reason) },
  AGENT_CONNECTED_REASONS: {
    snapshot: (reason) => planSaying('AgentConnected', reason),
    known: Object.keys(CONNECTED_REASONS),
  },
};

function pivotSaying(type: string, status: string, reason: string): Snapshot {
  return claimSaying({}, { pivot: aPivot({ conditions: { [type]: [status, reason, 'x'] } }) });
}

function planSaying(type: string, reason: string): Snapshot {
  return claimSaying({}, { plan: aPlan({ conditions: { [type]: ['False', reason, 'x'] } }) });
}

/** Advice for what no table knows. */
const GENERAL = [ANY_PART, ANY_OF_PIVOT, ANY_OF_AGENT].map(({ why }) => why);

function isAdvised({ constant }: ReasonList, reason: string): boolean {
  const carrier = CARRIERS[constant];
  if (carrier === undefined || carrier.known?.includes(reason) === false) return false;
  const name = carrier.isCalled?.(reason) ?? reason;
  const found = findingsOf(carrier.snapshot(reason)).find((finding) => finding.reason === name);
  // The last resort repeats what the ManagedCluster says, and has no reason why.
  return found?.why !== undefined && !GENERAL.includes(found.why) && found.next.length > 0;
}

function reasonsOf(list: ReasonList): readonly string[] {
  return Object.values(list.reasons);
}

const ALL = REASON_LISTS.flatMap((list) =>
  reasonsOf(list).map((reason) => ({
    list,
    reason,
    constant: list.constant,
    quiet: list.quiet[reason],
  })),
);

const QUIET = ALL.flatMap(({ quiet, ...rest }) =>
  quiet === undefined ? [] : [{ ...rest, quiet }],
);

describe('advice', () => {
  it.each(ALL.filter(({ quiet }) => quiet === undefined))(
    'is there for $constant, $reason',
    ({ list, reason }) => {
      expect(isAdvised(list, reason)).toBe(true);
    },
  );

  it.each(REASON_LISTS.filter(({ constant }) => constant in CARRIERS))(
    'is not there for a reason that $constant does not have',
    (list) => {
      expect(isAdvised(list, 'OddReason')).toBe(false);
    },
  );
});

/** A name with one of these words is that of a trouble. */
const TROUBLE =
  /Missing|NotFound|Not[A-Z]|Invalid|Fail|Refus|Lost|Gone|Unreach|Too[A-Z]|Block|Chang|Foreign|Mismatch|Unknown|Unusable|Error|Silent|Expir|Bug|Incomplete|Differ|Taken|Left|Abandon|Abort|Paus|Older/;

describe('a reason without advice', () => {
  it.each(QUIET.filter(({ quiet }) => quiet.kind === 'Healthy' || quiet.kind === 'Progress'))(
    'is no trouble by its name: $constant, $reason',
    ({ reason }) => {
      expect(reason).not.toMatch(TROUBLE);
    },
  );

  it.each(QUIET.filter(({ quiet }) => quiet.kind === 'Elsewhere'))(
    'has advice on the condition that it follows from: $constant, $reason',
    ({ quiet }) => {
      const advised = ALL.filter((one) => one.quiet === undefined).flatMap(({ list }) =>
        list.shownAs.map((type) => `${list.object}.${type}`),
      );
      // Synced of a composite is Crossplane's own.
      expect([...advised, 'ManagedCluster.Synced']).toContain(quiet.why);
    },
  );

  it.each(QUIET.filter(({ quiet }) => quiet.kind === 'EventOnly'))(
    'is in no condition: $constant, $reason',
    ({ list, reason }) => {
      const conditions = ALL.filter(
        (one) => one.reason === reason && !one.list.shownAs.includes('Event'),
      );
      expect(list.shownAs).toEqual(['Event']);
      expect(conditions).toEqual([]);
    },
  );
});
