import { expect } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Severity } from '../core/finding.ts';
import { findingsOf } from '../core/findings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ACCEPTED, aComposite, anObject, aSide, aSnapshot, type Said } from './snapshots.ts';

/** Row is a snapshot and the first finding in it. */
export interface Row {
  readonly reason: string;
  readonly snapshot: Snapshot;
  readonly is: string;
  readonly severity: Severity;
  readonly object: string;
  readonly says: string;
  /** A part of a command that is advised. */
  readonly run?: string;
  readonly since?: string;
}

/** checkRow expects the finding of a row, with all placeholders of its advice replaced. */
export function checkRow({ snapshot, is, run, severity, object, says, since }: Row): void {
  const [first] = findingsOf(snapshot);
  const wanted = { reason: is, severity, object, what: says };
  expect(first).toMatchObject(since === undefined ? wanted : { ...wanted, since });
  const commands = first?.next.flatMap((step) => step.run ?? []).join('\n');
  expect(commands).toContain(run ?? '');
  expect(JSON.stringify(first)).not.toMatch(/\{(kubectl|namespace|name|object|resource|secret)\}/);
}

/** claimSaying is a snapshot of an accepted claim with further conditions. */
export function claimSaying(
  conditions: Readonly<Record<string, Said>>,
  change: Partial<Snapshot> = {},
): Snapshot {
  return aSnapshot({ ...aComposite({ conditions: { ...ACCEPTED, ...conditions } }), ...change });
}

/** reached is a workload side that was read. */
export function reached(objects: Parameters<typeof aSide>[0]): Snapshot['workload'] {
  return { kind: 'Reached', objects: aSide(objects), deployments: [] };
}

/** beating is the Lease of an agent. */
export function beating(renewTime: string): KubeObject {
  const type = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
  return anObject(type, 'demo-agent', { spec: { renewTime } });
}

/** KCP and DEV_CLUSTER are kinds of Cluster API. */
export const KCP = {
  apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
  kind: 'KubeadmControlPlane',
};
export const DEV_CLUSTER = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'DevCluster',
};
