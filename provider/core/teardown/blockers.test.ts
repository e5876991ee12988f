import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { blockageOf } from './blockers.ts';

const NOW = '2026-01-01T01:00:00Z';

function object(
  kind: string,
  name: string,
  more: { readonly since?: string; readonly metadata?: object; readonly rest?: object } = {},
): KubeObject {
  const infrastructure = kind.startsWith('Dev');
  const apiVersion = `${infrastructure ? 'infrastructure.' : ''}cluster.x-k8s.io/v1beta2`;
  const going =
    more.since === undefined
      ? {}
      : { deletionTimestamp: more.since, finalizers: [`${kind.toLowerCase()}.x-k8s.io`] };
  return { apiVersion, kind, metadata: { name, ...going, ...more.metadata }, ...more.rest };
}

function status(...conditions: readonly object[]): object {
  return { status: { conditions } };
}

describe('blockageOf', () => {
  it.each([
    {
      reason: 'the machine of the cloud comes before what waits for it',
      objects: [
        object('Cluster', 'demo', { since: NOW }),
        object('Machine', 'demo-1', { since: NOW }),
        object('DevMachine', 'demo-1', { since: NOW }),
      ],
      what: 'DevMachine demo-1 (finalizer devmachine.x-k8s.io); Machine demo-1 (finalizer machine.x-k8s.io); Cluster demo (finalizer cluster.x-k8s.io)',
      stuck: false,
    },
    {
      reason: 'what does not go yet comes last',
      objects: [object('DevCluster', 'demo'), object('Machine', 'demo-1', { since: NOW })],
      what: 'Machine demo-1 (finalizer machine.x-k8s.io); DevCluster demo',
      stuck: false,
    },
    {
      reason: 'more than three are counted',
      objects: ['e', 'd', 'c', 'b', 'a'].map((name) => object('Machine', name)),
      what: 'Machine a; Machine b; Machine c; 2 more',
      stuck: false,
    },
    {
      reason: 'minutes, finalizer, reason and message of what is stuck',
      objects: [
        object('DevMachine', 'demo-1', {
          since: '2026-01-01T00:50:30Z',
          rest: status(
            { type: 'Available', status: 'True' },
            {
              type: 'Ready',
              status: 'False',
              reason: 'VMDeleting',
              message: 'quota\n* of the cloud',
            },
          ),
        }),
      ],
      what: 'DevMachine demo-1 (finalizer devmachine.x-k8s.io for 9 min, VMDeleting: quota of the cloud)',
      stuck: true,
    },
    {
      reason: 'what Cluster API says of the deletion wins',
      objects: [
        object('Machine', 'demo-1', {
          since: NOW,
          rest: status(
            { type: 'Available', status: 'False', reason: 'NotAvailable', message: 'no' },
            { type: 'Deleting', status: 'True', reason: 'WaitingForInfrastructure', message: 'VM' },
          ),
        }),
      ],
      what: 'Machine demo-1 (finalizer machine.x-k8s.io, WaitingForInfrastructure: VM)',
      stuck: false,
    },
    {
      reason: 'what is paused',
      objects: [
        object('Cluster', 'demo', { rest: { spec: { paused: true } } }),
        object('Pivot', 'demo', { metadata: { annotations: { 'crossplane.io/paused': 'true' } } }),
      ],
      what: 'Cluster demo (spec.paused is true: set it to false); Pivot demo (paused by annotation crossplane.io/paused: remove it)',
      stuck: false,
    },
  ])('tells $reason', ({ objects, what, stuck }) => {
    expect(blockageOf(objects, NOW)).toEqual({ what, stuck });
  });
});
