import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { appeared, changes, timelineLine, steps, vanished } from './timeline.ts';

function cluster(
  phase: string,
  conditions: Readonly<Record<string, readonly [string, string]>>,
): KubeObject {
  return {
    apiVersion: 'managedcluster.io/v1alpha1',
    kind: 'ManagedCluster',
    metadata: { name: 'demo' },
    status: {
      phase,
      conditions: Object.entries(conditions).map(([type, [status, message]]) => ({
        type,
        status,
        message,
      })),
    },
  };
}

const waiting = cluster('Provisioning', {
  Accepted: ['True', 'The claim is valid'],
  ControlPlaneInitialized: ['False', 'Gate G1: waiting for DevCluster'],
  AgentInstalled: ['False', 'Waiting for gate G1'],
});

describe('changes', () => {
  it.each([
    {
      reason: 'a new claim tells its phase and what its first closed gate waits for',
      before: undefined,
      after: waiting,
      want: ['phase Provisioning', 'The claim is valid', 'Gate G1: waiting for DevCluster'],
    },
    { reason: 'the same state again tells nothing', before: waiting, after: waiting, want: [] },
    {
      reason: 'an open gate is told once, then the next one',
      before: waiting,
      after: cluster('InstallingAgent', {
        Accepted: ['True', 'The claim is valid'],
        ControlPlaneInitialized: ['True', 'Gate G1 is open'],
        AgentInstalled: ['False', 'Waiting for the AgentInstallation to be ready'],
      }),
      want: [
        'phase InstallingAgent',
        'Gate G1 is open',
        'Waiting for the AgentInstallation to be ready',
      ],
    },
  ])('$reason', ({ before, after, want }) => {
    expect(changes(before, after).map(({ text }) => text)).toEqual(want);
  });
});

describe('steps', () => {
  const own = { apiVersion: 'm.managedcluster.io/v1alpha1', metadata: { name: 'demo' } };
  it.each([
    {
      reason: 'steps of a Pivot that have ended',
      before: { ...own, kind: 'Pivot', status: { steps: [{ name: 'Prepare', endTime: 't' }] } },
      after: {
        ...own,
        kind: 'Pivot',
        status: {
          steps: [
            { name: 'Prepare', endTime: 't' },
            { name: 'Fence', endTime: 't' },
            { name: 'Copy', startTime: 't' },
          ],
        },
      },
      want: ['Pivot: Fence'],
    },
    {
      reason: 'parts of an AgentInstallation that are ready',
      before: undefined,
      after: {
        ...own,
        kind: 'AgentInstallation',
        status: {
          parts: [
            { name: 'Namespace', ready: true },
            { name: 'Agent', ready: false },
          ],
        },
      },
      want: ['AgentInstallation: Namespace'],
    },
    {
      reason: 'nothing without a status',
      before: undefined,
      after: { ...own, kind: 'Pivot' },
      want: [],
    },
  ])('tells $reason', ({ before, after, want }) => {
    expect(steps(before, after).map(({ text }) => text)).toEqual(want);
  });
});

describe('format', () => {
  it.each([
    {
      line: { where: 'management', kind: 'phase', text: 'phase Pivoting' } as const,
      want: '   7.3 s  management ► phase Pivoting',
    },
    {
      line: appeared('inside', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }),
      want: '   7.3 s  inside       + Pod a',
    },
    {
      line: vanished('inside', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }),
      want: '   7.3 s  inside       - Pod a',
    },
  ])('aligns $want', ({ line, want }) => {
    expect(timelineLine(7.25, line, false)).toBe(want);
  });
});
