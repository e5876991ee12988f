import type { KubeObject } from '../../lib/core/object.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeenRequest } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { SIDES } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { startMove } from './clusterctl.ts';
import { resetProxies } from './kill-point.ts';
import { CLUSTER, makeSubject, operational, type Subject } from './subject.ts';

/** Within so long the target makes certificate authorities and a machine of its own (facts/e2e.md 7). */
const HARM_MS = 45_000;

const SUBJECT: Subject = { name: 'ctl-wrong', workers: 0 };

/**
 * wrongCure does on purpose what a human may do after a cut-off move (facts/e2e.md 7): both sides are
 * un-paused, the target without Secrets and Machines. The oracle has to find it, in the same logs and by
 * the same way as it finds nothing elsewhere. Returns what it found.
 */
export async function wrongCure(arena: Arena): Promise<readonly string[]> {
  const { sites, witness } = arena;
  await makeSubject(sites.management.api, SUBJECT);
  await operational(sites.management.api, SUBJECT);
  resetProxies(arena, SUBJECT);
  const move = startMove(arena, SUBJECT, 'management');
  await waitFor({
    what: 'clusterctl to have made the control plane',
    timeoutMs: 60_000,
    intervalMs: 2,
    look: () => arena.proxies.workload.writes.some(isControlPlane) || undefined,
  });
  await move.kill();
  await Promise.all(SIDES.map((side) => run(sites[side].api)));
  await sleep(HARM_MS);
  await witness.look();
  const found = witness.judge(SUBJECT.name, { ownership: false, atRest: true });
  return found.map(({ invariant, message }) => `${invariant}: ${message}`);
}

function isControlPlane({ url, status }: SeenRequest): boolean {
  return url.includes('/kubeadmcontrolplanes') && status === 201;
}

function run(api: Arena['sites']['management']['api']): Promise<KubeObject> {
  const ref = { ...CLUSTER, namespace: SUBJECT.name, name: SUBJECT.name };
  return api.patch(ref, { spec: { paused: null } });
}
