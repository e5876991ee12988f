import { describe, expect, it } from '@jest/globals';
import { duration } from './duration.ts';
import { findingsOf } from './findings.ts';
import { summaryOf } from './summary.ts';
import { findingLines, paintWith, treeLines } from './text.ts';
import { treeOf } from './tree.ts';
import {
  aCluster,
  aComposite,
  aDevMachine,
  aMachine,
  anInstallation,
  anObject,
  aPivot,
  aPlan,
  aSide,
  aSnapshot,
  LONG,
  NOW,
  SOON,
} from '../testing/snapshots.ts';

const plain = paintWith(false);

const KCP = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane' };

const labels = { 'cluster.x-k8s.io/control-plane': '' };

const snapshot = aSnapshot({
  ...aComposite({
    status: {
      phase: 'Pivoting',
      owner: 'Moving',
      epoch: 2,
      controlPlaneMachines: '1/3',
      workers: '0/2',
    },
    conditions: {
      Accepted: ['True', 'Accepted'],
      Pivoted: ['False', 'Copying', 'Waiting for the Pivot to commit'],
      WorkersReady: ['False', 'WaitingForAgent', 'Waiting for the agent to report'],
      AddOnsReady: ['False', 'WaitingForAgent', 'Waiting for the agent to report'],
      Operational: ['False', 'Copying', 'Pivoted: Waiting for the Pivot to commit'],
    },
  }),
  management: aSide({
    cluster: aCluster('moving', 2, true, { conditions: { Available: ['True', 'Available'] } }),
    controlPlane: anObject(KCP, 'demo-cp', { conditions: { Available: ['True', 'Available'] } }),
    machines: [
      aMachine('demo-cp-1', {
        metadata: { labels },
        status: { nodeRef: { name: 'demo-cp-1' } },
        conditions: { Ready: ['True', 'Ready'], NodeReady: ['True', 'NodeReady'] },
      }),
    ],
    infrastructureMachines: [
      aDevMachine('demo-cp-1', { conditions: { Ready: ['True', 'Ready'] } }),
    ],
  }),
  plan: aPlan(),
  agentInstallation: anInstallation({
    status: {
      parts: [
        { name: 'Target', ready: true },
        { name: 'Agent', ready: false, reason: 'WaitingForAgent', message: 'its Pod' },
      ],
    },
    conditions: { Ready: ['False', 'WaitingForAgent', 'Agent: its Pod'] },
  }),
  pivot: aPivot({
    status: {
      unmanagedMilliseconds: 1234,
      moved: [{ kind: 'Cluster', name: 'demo' }],
      steps: [
        { name: 'Fence', startTime: LONG, endTime: LONG.replace('00Z', '00.3Z') },
        { name: 'Copy', startTime: SOON, message: '3 of 13' },
      ],
    },
    conditions: { Ready: ['False', 'Copying', 'Copy: 3 of 13'] },
  }),
  workload: { kind: 'Unknown', why: 'it does not answer: no answer within 5 s' },
  heartbeat: anObject({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, 'demo-agent', {
    spec: { renewTime: SOON },
  }),
  escrows: [{ name: 'demo-escrow-1', refreshed: LONG }],
});

describe('treeLines', () => {
  it('draws the ownership tree of both sides in aligned columns', () => {
    expect(treeLines(treeOf(snapshot), NOW, plain)).toEqual([
      'NAME                                     READY  AGE  STATUS',
      'ManagedCluster/demo                      False  1h   Pivoted: Waiting for the Pivot to commit',
      '│                                                    WorkersReady, AddOnsReady: Waiting for the agent to report',
      '└─ XManagedCluster/demo-x7k2p            -      1h',
      '   ├─ management side                                owner moving, epoch 2, paused',
      '   │  └─ Cluster/demo                    True   1h',
      '   │     └─ KubeadmControlPlane/demo-cp  True   1h',
      '   │        └─ Machine/demo-cp-1         True   1h',
      '   │           ├─ DevMachine/demo-cp-1   True   1h',
      '   │           └─ Node/demo-cp-1         True',
      '   ├─ ClusterPlan/demo                          1h',
      '   ├─ AgentInstallation/demo             False  1h   Ready: Agent: its Pod',
      '   │  ├─ Part/Target                     True',
      '   │  └─ Part/Agent                      False       WaitingForAgent: its Pod',
      '   ├─ Pivot/demo                         False  1h   1 moved',
      '   │  │                                              Ready: Copy: 3 of 13',
      '   │  ├─ Step/Fence                      True   1h   took 0.3 s',
      '   │  └─ Step/Copy                       False  10s  3 of 13',
      '   └─ workload side                                  it does not answer: no answer within 5 s',
    ]);
  });
});

describe('summaryOf', () => {
  it('starts with a summary', () => {
    expect(Object.fromEntries(summaryOf(snapshot).map(({ name, value }) => [name, value]))).toEqual(
      {
        phase: 'Pivoting',
        owner: 'Moving, epoch 2  (management side: owner moving, epoch 2, paused)',
        machines: '1/3 control plane, 0/2 workers ready',
        heartbeat: '10s ago',
        unmanaged: '1.234 s',
        escrow: 'refreshed 1h ago (demo-escrow-1)',
      },
    );
  });
});

describe('findingLines', () => {
  it('writes what is, since when, why, and what to do with the command below', () => {
    const finding = findingsOf(snapshot).find(({ reason }) => reason === 'WaitingForAgent');
    if (finding === undefined) throw new Error('no such finding');
    const lines = findingLines(finding, NOW, plain);
    expect(lines.slice(0, 4)).toEqual([
      'waiting  Part Agent is not ready: its Pod.',
      '  object  AgentInstallation team-a/demo',
      '  reason  WaitingForAgent',
      `  since   10s ago (${SOON})`,
    ]);
    expect(lines[5]).toMatch(/^ {2}next {4}get a kubeconfig of the workload side.*:$/);
    expect(lines[6]).toMatch(/^ {12}kubectl -n team-a get secret demo-kubeconfig /);
  });

  it('is coloured for a terminal only', () => {
    const [first] = findingsOf(snapshot);
    if (first === undefined) throw new Error('no finding');
    expect(findingLines(first, NOW, paintWith(true))[0]).toContain('\u001B[');
    expect(findingLines(first, NOW, plain)[0]).not.toContain('\u001B[');
  });
});

describe('duration', () => {
  it.each([
    [0, '0s'],
    [59, '59s'],
    [61, '1m1s'],
    [600, '10m'],
    [659, '10m'],
    [3600, '1h'],
    [5400, '1h30m'],
    [90_000, '1d1h'],
    [-5, '0s'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
