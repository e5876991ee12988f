import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { compositeUidOf } from '../core/teardown/belonging.ts';
import type { ClusterRef } from '../core/escrow/escrow-set.ts';
import { newJournal, parsedJournal, type TeardownJournal } from '../core/teardown/journal.ts';
import {
  EXPIRES_ANNOTATION,
  ownReportName,
  reportMap,
  reportName,
} from '../core/teardown/report.ts';
import type { Subject } from '../core/teardown/subject.ts';

const FIELD_MANAGER = 'managed-cluster-teardown';

/** ReportStore stores the journals of teardowns in their reports. */
export interface ReportStore {
  /** The journal of a teardown; a new one if it has just started. */
  read(subject: Subject, now: string): Promise<TeardownJournal>;
  /** Writes the report with what the teardown waits for; no request if nothing changed. */
  write(subject: Subject, journal: TeardownJournal, waiting?: string): Promise<void>;
  forget(subject: Subject): void;
}

/** The state of a report as this process knows it. */
interface Known {
  readonly name: string;
  readonly journal?: TeardownJournal;
  readonly written?: KubeObject;
}

/**
 * reportStore stores reports in ConfigMaps. They cannot be created in a namespace that is being deleted:
 * the journal is then only kept in memory, and no step relies on more.
 */
export function reportStore(api: KubeApi): ReportStore {
  const all = new Map<string, Known>();
  return {
    async read({ composite, cluster }, now): Promise<TeardownJournal> {
      const { uid = '', deletionTimestamp } = composite.metadata;
      const known = all.get(uid);
      const [usual, own] = [reportName(cluster.name), ownReportName(cluster.name, uid)];
      const found = await readMap(api, cluster, usual);
      const taken = isTaken(found, uid) || known?.name === own;
      const map = taken ? await readMap(api, cluster, own) : found;
      all.set(uid, { ...known, name: taken ? own : usual });
      const kept = parsedJournal(journalIn(map), uid);
      return kept ?? known?.journal ?? newJournal(uid, deletionTimestamp ?? now);
    },
    async write(subject, journal, waiting): Promise<void> {
      const { composite, cluster, terminating } = subject;
      const { uid = '' } = composite.metadata;
      const known = { name: reportName(cluster.name), ...all.get(uid), journal };
      all.set(uid, known);
      if (terminating) return;
      const { name } = known;
      const map = reportMap({ cluster, subject: titleOf(subject), journal, name, waiting });
      if (isDeepStrictEqual(known.written, map)) return;
      const options = { fieldManager: FIELD_MANAGER, force: true };
      await wrapError('write the report', api.apply(map, options));
      all.set(uid, { ...known, written: map });
    },
    forget({ composite }): void {
      all.delete(composite.metadata.uid ?? '');
    },
  };
}

/** Users know the claim, if there is one. */
function titleOf({ composite, claim }: Subject): string {
  const { kind, metadata } = claim ?? composite;
  return `${kind} ${[metadata.namespace, metadata.name].filter(Boolean).join('/')}`;
}

function readMap(
  api: KubeApi,
  { namespace }: ClusterRef,
  name: string,
): Promise<KubeObject | undefined> {
  return wrapError(
    'read the report',
    api.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }),
  );
}

function journalIn(map: KubeObject | undefined): string | undefined {
  const text = recordIn(map, 'data')?.['journal'];
  return typeof text === 'string' ? text : undefined;
}

/** The teardown of another composite uses this report and relies on its journal. */
function isTaken(map: KubeObject | undefined, uid: string): boolean {
  const writer = compositeUidOf(map);
  if (writer === undefined || writer === uid) return false;
  return map?.metadata.annotations?.[EXPIRES_ANNOTATION] === undefined;
}
