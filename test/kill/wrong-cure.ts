import type { KubeObject } from '../../lib/core/object.ts';
import { SIDES } from '../oracle/audit-event.ts';
import { waitFor } from '../world/wait.ts';
import type { Arena } from './arena.ts';
import { startMove } from './clusterctl.ts';
import { resetProxies } from './kill-point.ts';
import { CLUSTER, makeSubject, operational, type Subject } from './subject.ts';

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
  resetProxies(arena.proxies);
  const move = startMove(arena, SUBJECT, 'management');
  await waitFor({
    what: 'clusterctl to have made the control plane',
    timeoutMs: 60_000,
    intervalMs: 2,
    look: () => arena.proxies.workload.writes.some(isControlPlane) || undefined,
  });
  await move.kill();
  await Promise.all(SIDES.map((side) => run(sites[side].api)));
  await waitFor({
    what: 'the second certificate authority',
    timeoutMs: 90_000,
    intervalMs: 500,
    look: () => sites.workload.api.get(AUTHORITY),
  });
  await witness.look();
  const found = witness.judge(SUBJECT.name, { ownership: false, atRest: true });
  return found.map(({ invariant, message }) => `${invariant}: ${message}`);
}

const AUTHORITY = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: SUBJECT.name,
  name: `${SUBJECT.name}-ca`,
} as const;

function isControlPlane({ url }: { readonly url: string }): boolean {
  return url.includes('/kubeadmcontrolplanes');
}

function run(api: Arena['sites']['management']['api']): Promise<KubeObject> {
  const ref = { ...CLUSTER, namespace: SUBJECT.name, name: SUBJECT.name };
  return api.patch(ref, { spec: { paused: null } });
}
