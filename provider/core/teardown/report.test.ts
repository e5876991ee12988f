import { describe, expect, it } from '@jest/globals';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { deletingStatus } from './deleting-status.ts';
import { inventoryOf } from './inventory.ts';
import {
  newJournal,
  parsedJournal,
  withLeft,
  withPresent,
  withStep,
  withUnproved,
  type TeardownJournal,
} from './journal.ts';
import { expiresInMs, reportMap, reportText } from './report.ts';

const START = '2026-01-01T00:00:00Z';

function at(seconds: number): string {
  return new Date(Date.parse(START) + seconds * 1000).toISOString();
}

function journey(): TeardownJournal {
  const begun = withStep(newJournal('u1', START), 'Remove machines', at(1));
  const full = withPresent(begun, ['Machine demo-1', 'Cluster demo'], at(1));
  const half = withPresent(full, ['Cluster demo'], at(7));
  const over = withPresent(half, [], at(9));
  return withUnproved(withStep(over, 'Release', at(9)), 'That nothing else is left');
}

describe('the journal', () => {
  it('records what was removed and when', () => {
    expect(journey().gone).toEqual([
      { kind: 'Machine', name: 'demo-1', seconds: 7 },
      { kind: 'Cluster', name: 'demo', seconds: 9 },
    ]);
  });

  it('records when each step started and ended', () => {
    expect(journey().steps).toEqual([
      { name: 'Remove machines', startTime: at(1), endTime: at(9) },
      { name: 'Release', startTime: at(9) },
    ]);
  });

  it('does not grow while a step is running', () => {
    const journal = journey();

    expect(withStep(journal, 'Release', at(20))).toBe(journal);
    expect(withUnproved(journal, 'That nothing else is left')).toBe(journal);
  });

  it.each([
    { reason: 'that of this composite', text: JSON.stringify(journey()), found: journey() },
    { reason: 'that of an older namesake', text: JSON.stringify(newJournal('u0', START)) },
    { reason: 'no journal', text: '{"composite":"u1"}' },
    { reason: 'no JSON', text: 'journal' },
    { reason: 'nothing', text: undefined },
  ])('is read back if it is: $reason', ({ text, found }) => {
    expect(parsedJournal(text, 'u1')).toEqual(found);
  });
});

const base = { cluster: { namespace: 'team', name: 'demo' }, subject: 'ManagedCluster team/demo' };

const MOST_BYTES = 256 * 1024;

function sizeOf(map: KubeObject): number {
  return Buffer.byteLength(JSON.stringify(map));
}

function textOf(map: KubeObject): string {
  return String(recordIn(map, 'data')?.['report']);
}

/** The journal as the next reconcile reads it. */
function journalOf(map: KubeObject): TeardownJournal {
  const journal = parsedJournal(String(recordIn(map, 'data')?.['journal']), 'u1');
  if (journal === undefined) throw new Error('the journal cannot be read');
  return journal;
}

describe('the report', () => {
  it('contains what the teardown waits for, and does not expire', () => {
    const map = reportMap({ ...base, journal: journey(), waiting: 'Waiting for Machine demo-1' });

    expect(map.metadata).toMatchObject({ name: 'demo-teardown', namespace: 'team' });
    expect(expiresInMs(map, Date.parse(START))).toBeUndefined();
    expect(map['data']).toMatchObject({
      report: expect.stringContaining('Now      Waiting for Machine demo-1'),
    });
  });

  it('lists what was removed, after how many seconds, and what could not be verified', () => {
    const inventory = { loadBalancers: ['Service a/b, address 1.2.3.4'], volumes: [] };

    expect(reportText({ ...base, journal: { ...journey(), inventory, endTime: at(10) } })).toBe(
      `Teardown of ManagedCluster team/demo
Started  2026-01-01T00:00:00Z
Ended    2026-01-01T00:00:10.000Z
Seconds  10

Steps:
      8  Remove machines
      …  Release

Removed (seconds after the deletion):
      7  Machine demo-1
      9  Cluster demo

Load balancers that only the cluster knew of: check whether they still exist in your cloud:
  Service a/b, address 1.2.3.4

Could not be verified:
  That nothing else is left
`,
    );
  });

  it('is kept for three days', () => {
    const map = reportMap({ ...base, journal: { ...journey(), endTime: START } });

    expect(expiresInMs(map, Date.parse(START))).toBe(72 * 3_600_000);
  });

  it('of a cluster with thousands of machines is cut, and counts what it leaves out', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `Machine ${'m'.repeat(60)}-${index}`);
    const journal = withPresent(withPresent(newJournal('u1', START), names, at(1)), [], at(2));
    const map = reportMap({ ...base, journal });
    const kept = journalOf(map);

    expect(sizeOf(map)).toBeLessThan(MOST_BYTES);
    expect(kept.gone.length + (kept.goneMore ?? 0)).toBe(5000);
    expect(textOf(map)).toContain(`and ${kept.goneMore} more`);
    const more = withPresent(withPresent(kept, ['Cluster demo'], at(3)), [], at(4));
    const { gone, goneMore = 0 } = journalOf(reportMap({ ...base, journal: more }));
    expect(gone.length + goneMore).toBe(5001);
  });

  it('of a hostile cluster is cut, and is plain text', () => {
    const long = `\u001b[2J\u202e${'界'.repeat(2000)}`;
    const many = Array.from({ length: 5000 }, (_, index) => `${index}${long}`);
    const inventory = inventoryOf(
      many.map((hostname) => service('a', 'LoadBalancer', [{ hostname }])),
      many.map((name) => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } })),
    );
    let journal: TeardownJournal = { ...newJournal('u1', START), inventory };
    for (const sentence of many) journal = withLeft(withUnproved(journal, sentence), sentence);
    for (const seconds of [1, 2, 3]) {
      const names = many.map((name) => `Machine ${seconds}${name}`);
      journal = withPresent(journal, names, at(seconds));
      journal = journalOf(reportMap({ ...base, journal, waiting: long }));
    }
    const map = reportMap({ ...base, journal, waiting: long });

    expect(sizeOf(map)).toBeLessThan(MOST_BYTES);
    expect(/\\u001b|\u202e/.test(JSON.stringify(map))).toBe(false);
    expect(/and \d{4} more/.test(textOf(map))).toBe(true);
    expect(textOf(map).includes('and more of the same kind')).toBe(true);
    expect(withLeft(journal, many[0] ?? '')).toBe(journal);
  });
});

describe('inventoryOf', () => {
  it('lists load balancers and volumes by their names in the cloud', () => {
    const services = [
      service('web', 'LoadBalancer', [{ ip: '1.2.3.4' }, { hostname: 'lb.example.com' }]),
      service('new', 'LoadBalancer'),
      service('api', 'ClusterIP'),
    ];
    const volumes = [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'pv-1' },
        spec: {
          persistentVolumeReclaimPolicy: 'Delete',
          csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
          claimRef: { namespace: 'db', name: 'data' },
        },
      },
    ];

    expect(inventoryOf(services, volumes)).toEqual({
      loadBalancers: [
        'Service shop/web, address 1.2.3.4, lb.example.com',
        'Service shop/new, address none yet',
      ],
      volumes: ['PersistentVolume pv-1, ebs.csi.aws.com vol-1, of claim db/data, Delete'],
    });
  });
});

function service(name: string, type: string, ingress?: readonly object[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name },
    spec: { type },
    status: { loadBalancer: ingress === undefined ? {} : { ingress } },
  };
}

describe('deletingStatus', () => {
  const object: KubeObject = {
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'NamespacedManagedCluster',
    metadata: {},
    status: {
      phase: 'SelfManaged',
      epoch: 3,
      conditions: [
        { type: 'Operational', status: 'True', lastTransitionTime: START },
        { type: 'Synced', status: 'True', lastTransitionTime: START },
      ],
    },
  };

  it('changes only the conditions about the cluster', () => {
    expect(deletingStatus(object, { reason: 'Releasing', message: 'Waiting' }, at(5))).toEqual({
      phase: 'Deleting',
      epoch: 3,
      conditions: [
        {
          type: 'Operational',
          status: 'False',
          reason: 'Releasing',
          message: 'Waiting',
          lastTransitionTime: at(5),
        },
        { type: 'Synced', status: 'True', lastTransitionTime: START },
      ],
    });
  });

  it('truncates what the schema does not allow', () => {
    const status = deletingStatus(
      object,
      { reason: 'Releasing', message: 'x'.repeat(5000) },
      START,
    );

    expect(status['conditions']).toEqual(
      expect.arrayContaining([expect.objectContaining({ message: `${'x'.repeat(1023)}…` })]),
    );
  });
});
