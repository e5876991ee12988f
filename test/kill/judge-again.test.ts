import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { judgedAgain } from './judge-again.ts';
import { emptyProof, failures, type Proof } from './proof.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'judge-again-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A Cluster as an answer shows it, at one second of a minute. */
function cluster(second: number, version: number, paused: boolean): string {
  const time = `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000Z`;
  const metadata = { name: 'k', namespace: 'k', uid: 'u', resourceVersion: String(version) };
  return `${JSON.stringify({
    kind: 'Event',
    auditID: `${second}-${version}`,
    stage: 'ResponseComplete',
    verb: 'patch',
    requestURI: '/apis/cluster.x-k8s.io/v1beta2/namespaces/k/clusters/k',
    user: { username: 'mover' },
    objectRef: { resource: 'clusters', apiGroup: 'cluster.x-k8s.io', namespace: 'k', name: 'k' },
    responseStatus: { code: 200 },
    responseObject: { kind: 'Cluster', metadata, spec: { paused } },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  })}\n`;
}

const ALARM = 'I1: runs on the workload side while it ran on the management side';

function proof(): Proof {
  const outcome = {
    cluster: 'k',
    to: 'workload',
    disturbance: 'none',
    kind: 'none',
    write: '-',
    step: '-',
    findings: [ALARM, 'I7: nobody owns it'],
  } as const;
  return { ...emptyProof(1), kills: { wanted: 1, outcomes: [outcome] } };
}

describe('a run that is judged again', () => {
  it('is cleared of what a rotated log disproves, but not of what no log tells', () => {
    writeFileSync(
      join(folder, 'm-audit-2026-01-01.log'),
      cluster(1, 1, false) + cluster(2, 2, true),
    );
    writeFileSync(join(folder, 'm-audit.log'), '');
    writeFileSync(join(folder, 'w-audit.log'), cluster(1, 1, true) + cluster(9, 2, true));
    const again = judgedAgain(proof(), folder);
    expect(again.kills?.outcomes[0]?.findings).toEqual(['I7: nobody owns it']);
    expect(again.again).toEqual([{ events: 4, clusters: 1, findings: [] }]);
  });

  it('is found guilty by what the logs tell, and fails by it', () => {
    writeFileSync(join(folder, 'm-audit.log'), cluster(1, 1, false) + cluster(8, 2, true));
    writeFileSync(join(folder, 'w-audit.log'), cluster(4, 1, false));
    const again = judgedAgain(proof(), folder);
    expect(failures(again).join()).toMatch(/k: I1: runs on the workload side from .*00:00:04/);
  });

  it('needs the logs of both sides', () => {
    writeFileSync(join(folder, 'm-audit.log'), '');
    expect(() => judgedAgain(proof(), folder)).toThrow(/no w-audit.log/);
  });
});
