import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterctlHome, type Move, startClusterctlMove } from '@managed-cluster/testbed';
import { otherSide, type Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import type { Subject } from './subject.ts';

/** startMove runs the real `clusterctl move` of a subject's namespace through the fault proxies. */
export function startMove(arena: Arena, { name }: Subject, side: Side): Move {
  const { context } = arena.world;
  const home = clusterctlHome(context);
  const [from = '', to = ''] = [side, otherSide(side)].map((one) => {
    const file = join(home, `${one}.kubeconfig`);
    writeFileSync(file, arena.proxies[one].kubeconfig(), { mode: 0o600 });
    return file;
  });
  return startClusterctlMove(context, { namespace: name, from, to });
}
