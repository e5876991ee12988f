import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from '../oracle/audit-event.ts';
import { AuditLog } from '../oracle/audit-log.ts';
import { CONTROLLERS } from '../oracle/finding.ts';
import { History } from '../oracle/history.ts';
import { judge } from '../oracle/oracle.ts';
import { MOVER } from './arena.ts';
import type { Outcome, Series } from './outcome.ts';
import type { Proof } from './proof.ts';

/** Again says that the runs of a proof were judged a second time, from the kept logs of their world. */
export interface Again {
  /** Events that the logs of both sides have. */
  readonly events: number;
  readonly clusters: number;
  readonly findings: readonly string[];
}

/** Names of the logs of each side; a rotated one has its time before the ending. */
const LOGS: Readonly<Record<Side, string>> = { management: 'm-audit', workload: 'w-audit' };

/** What a run tells of its own look at the end, which no audit log has. */
const OWN_LOOK = /^(I7:|I3: Machines were )/;

/**
 * judgedAgain judges the runs of a proof from all audit logs in a folder, rotated ones too, and takes
 * what it finds in place of what was found while they ran. What API servers could not write down
 * because they were killed, only the first judgement had from its own lists and watches.
 */
export function judgedAgain(proof: Proof, folder: string): Proof {
  const { history, events } = read(folder);
  const clusters = [...new Set(history.clusters().map(({ namespace }) => namespace))];
  const findings = clusters.flatMap((namespace) => findingsIn(history, namespace));
  const { matrix, teardown, kills, faults, twins, gap } = proof;
  return {
    ...proof,
    ...(matrix && { matrix: seenOnly(matrix) }),
    ...(teardown && { teardown: seenOnly(teardown) }),
    ...(kills && { kills: seenOnly(kills) }),
    ...(faults && { faults: seenOnly(faults) }),
    ...(twins && { twins: seenOnly(twins) }),
    ...(gap && { gap: seenOnly(gap) }),
    again: [...(proof.again ?? []), { events, clusters: clusters.length, findings }],
  };
}

function read(folder: string): { readonly history: History; readonly events: number } {
  const history = new History();
  let count = 0;
  for (const side of ['management', 'workload'] as const) {
    for (const file of logsOf(folder, LOGS[side])) {
      new AuditLog(join(folder, file)).readNew(({ events }) => {
        count += events.length;
        history.add(side, events);
      });
    }
  }
  return { history, events: count };
}

/** Rotated logs first, the oldest before the others, and the current one last. */
function logsOf(folder: string, name: string): readonly string[] {
  const current = `${name}.log`;
  const all = readdirSync(folder).filter((file) => file.startsWith(name));
  if (!all.includes(current)) throw new Error(`cannot judge again: ${folder} has no ${current}`);
  return [...all.filter((file) => file !== current).toSorted(), current];
}

/** Clusters of a teardown (`t-…`) may be deleted; those whose pause is measured (`p-…`) go by clusterctl too. */
function findingsIn(history: History, namespace: string): readonly string[] {
  return judge(history, {
    actors: { product: [MOVER], controllers: CONTROLLERS, people: ['admin'] },
    atRest: false,
    ownership: !namespace.startsWith('p-'),
    namespace,
    mayDelete: (act) => namespace.startsWith('t-') && act.namespace === namespace,
  }).map(({ invariant, message }) => `${namespace}: ${invariant}: ${message}`);
}

function seenOnly<T extends Series>(series: T): T {
  const outcomes = series.outcomes.map((outcome: Outcome) => ({
    ...outcome,
    findings: outcome.findings.filter((text) => OWN_LOOK.test(text)),
  }));
  return { ...series, outcomes };
}
