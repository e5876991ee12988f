import { describe, expect, it } from '@jest/globals';
import type { Advice } from '../finding.ts';
import { findingsOf } from '../findings.ts';
import type { Snapshot } from '../snapshot.ts';
import { claimSaying } from '../../testing/rows.ts';
import { anInstallation, aPivot, aPlan } from '../../testing/snapshots.ts';
import { LAYER_FAILED, MACHINES_REASONS } from './agent-advice.ts';
import { PREDICATES } from './gates.ts';
import { FAILED, FORBIDDEN, NO_KUBECONFIG, PARTS } from './installation-advice.ts';
import { ABORTED_REASONS, FAILED as PIVOT_FAILED } from './pivot-advice.ts';
import { POLICIES, PREPARE_REASONS, UNREACHABLE } from './pivot-prepare-advice.ts';

type Part = readonly [name: string, reason: string, message?: string];

function parts(rows: readonly Part[], change: Partial<Snapshot> = {}): Snapshot {
  const list = rows.map(([name, reason, message = 'x']) => ({
    name,
    ready: false,
    reason,
    message,
  }));
  const agentInstallation = anInstallation({
    conditions: { Ready: ['False', rows[0]?.[1] ?? '', 'x'] },
    status: { parts: list },
  });
  return claimSaying({}, { agentInstallation, ...change });
}

function pivot(
  condition: readonly [type: string, status: string, reason: string, message?: string],
  change: Partial<Snapshot> = {},
): Snapshot {
  const [type, ...said] = condition;
  return claimSaying({}, { pivot: aPivot({ conditions: { [type]: said } }), ...change });
}

const NO_ANSWER: Snapshot['workload'] = { kind: 'Unknown', why: 'x', cause: 'NoAnswer' };

interface Row {
  readonly when: string;
  readonly snapshot: Snapshot;
  readonly advice: Advice | undefined;
}

const ROWS: readonly Row[] = [
  {
    when: 'the Secret with the kubeconfig is missing',
    snapshot: parts([['Target', 'WaitingForKubeconfig']]),
    advice: NO_KUBECONFIG,
  },
  {
    when: 'an error',
    snapshot: parts([['Target', 'Failed']]),
    advice: FAILED,
  },
  {
    when: 'an error for want of rights',
    snapshot: parts([
      ['Target', 'Failed', 'cannot apply: crds "x" is forbidden: User "y" cannot patch'],
    ]),
    advice: FORBIDDEN,
  },
  {
    when: 'a layer failed, which the installation only repeats',
    snapshot: parts([['NodeLayersReady', 'Failed', 'Layer cni: is forbidden: User "y"']]),
    advice: LAYER_FAILED,
  },
  {
    when: 'a part of which only the name is known',
    snapshot: parts([['Webhooks', 'OfAnotherVersion']]),
    advice: PARTS['Webhooks'],
  },
  {
    when: 'gate G2 is closed',
    snapshot: claimSaying({ Pivoted: ['False', 'WaitingForMachines', 'x'] }),
    advice: PREDICATES.WaitingForMachines,
  },
  {
    when: 'gate G2 is closed to a Pivot',
    snapshot: pivot(['Ready', 'False', 'WaitingForMachines']),
    advice: PREDICATES.WaitingForMachines,
  },
  {
    when: 'a Pivot waits for a deletion, which is no gate',
    snapshot: pivot(['Ready', 'False', 'WaitingForDeletion']),
    advice: PREPARE_REASONS.WaitingForDeletion,
  },
  {
    when: 'a Pivot fails because a policy refuses',
    snapshot: pivot([
      'Ready',
      'False',
      'ReconcileError',
      "ValidatingAdmissionPolicy 'fence' with binding 'fence' denied request",
    ]),
    advice: POLICIES,
  },
  {
    when: 'a Pivot fails because the network does',
    snapshot: pivot(['Ready', 'False', 'ReconcileError', 'connect ECONNREFUSED 10.0.0.1:6443']),
    advice: UNREACHABLE,
  },
  {
    when: 'a Pivot fails, and the cluster does not answer here either',
    snapshot: pivot(['Ready', 'False', 'ReconcileError'], { workload: NO_ANSWER }),
    advice: UNREACHABLE,
  },
  {
    when: 'a Pivot fails otherwise',
    snapshot: pivot(['Ready', 'False', 'ReconcileError']),
    advice: PIVOT_FAILED,
  },
  {
    when: 'an attempt was aborted without a request',
    snapshot: pivot(['Aborted', 'True', 'TookTooLong']),
    advice: ABORTED_REASONS.TookTooLong,
  },
  {
    when: 'the Cluster is paused inside',
    snapshot: claimSaying(
      {},
      { plan: aPlan({ conditions: { ControlPlaneReady: ['False', 'Paused', 'x'] } }) },
    ),
    advice: MACHINES_REASONS.Paused,
  },
];

function whys(snapshot: Snapshot): readonly (string | undefined)[] {
  return findingsOf(snapshot).map(({ why }) => why?.replace(/ This takes longer than .*/, ''));
}

describe('advice by reason', () => {
  it.each(ROWS)('is given when $when', ({ snapshot, advice }) => {
    expect(advice).toBeDefined();
    expect(whys(snapshot)).toEqual([advice?.why]);
  });
});

describe('a consequence', () => {
  it.each([
    {
      of: 'a part that is not ready',
      snapshot: parts([
        ['Agent', 'WaitingForAgent'],
        ['Providers', 'WaitingForAgent'],
        ['Webhooks', 'WaitingForProviders'],
      ]),
      told: ['Part Agent is not ready: x.'],
    },
    {
      of: 'a Pivot, which is told with its own object',
      snapshot: claimSaying(
        { Pivoted: ['False', 'WaitingForMachines', 'x'] },
        { pivot: aPivot({ conditions: { Ready: ['False', 'WaitingForMachines', 'y'] } }) },
      ),
      told: ['The Pivot waits: y.'],
    },
    {
      of: 'a claim that is paused',
      snapshot: claimSaying(
        { Accepted: ['True', 'Paused', 'spec.paused is true'] },
        { plan: aPlan({ conditions: { WorkersReady: ['False', 'Paused', 'x'] } }) },
      ),
      told: ['spec.paused is true.'],
    },
  ])('of $of has no finding', ({ snapshot, told }) => {
    expect(findingsOf(snapshot).map(({ what }) => what)).toEqual(told);
  });
});
