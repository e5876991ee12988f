import { isDeepStrictEqual } from 'node:util';
import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { compositeUidOf } from '../core/teardown/belonging.ts';
import type { ClusterRef } from '../core/escrow/escrow-set.ts';
import { newJournal, parsedJournal, type Journal } from '../core/teardown/journal.ts';
import {
  EXPIRES_ANNOTATION,
  ownReportName,
  reportMap,
  reportName,
  type Report,
} from '../core/teardown/report.ts';
import type { Subject } from '../core/teardown/subject.ts';

const FIELD_MANAGER = 'managed-cluster-teardown';

/** ReportStore keeps the journals of teardowns in their reports. */
export interface ReportStore {
  /** The journal of a teardown; a new one when it begins. */
  read(subject: Subject, now: string): Promise<Journal>;
  /** Writes the report; no request when nothing changes. */
  write(subject: Subject, report: Report): Promise<void>;
  forget(uid: string): void;
}

/**
 * reportStore keeps reports in ConfigMaps. In a namespace that is being deleted none can be made: the
 * journal is then as good as the memory of this process, and no step relies on more.
 */
export function reportStore(api: KubeApi): ReportStore {
  const remembered = new Map<string, Journal>();
  const written = new Map<string, KubeObject>();
  const names = new Map<string, string>();
  return {
    async read({ composite, cluster }, now): Promise<Journal> {
      const { uid = '', deletionTimestamp } = composite.metadata;
      const own = ownReportName(cluster.name, uid);
      const usual = await readMap(api, cluster, reportName(cluster.name));
      const taken = isTaken(usual, uid) || names.get(uid) === own;
      const map = taken ? await readMap(api, cluster, own) : usual;
      names.set(uid, taken ? own : reportName(cluster.name));
      const kept = parsedJournal(journalIn(map), uid);
      return kept ?? remembered.get(uid) ?? newJournal(uid, deletionTimestamp ?? now);
    },
    async write({ composite, terminating }, report): Promise<void> {
      const { uid = '' } = composite.metadata;
      remembered.set(uid, report.journal);
      if (terminating) return;
      const map = reportMap({ ...report, name: names.get(uid) });
      if (isDeepStrictEqual(written.get(uid), map)) return;
      const options = { fieldManager: FIELD_MANAGER, force: true };
      await during('write the report', api.apply(map, options));
      written.set(uid, map);
    },
    forget(uid): void {
      remembered.delete(uid);
      written.delete(uid);
      names.delete(uid);
    },
  };
}

function readMap(
  api: KubeApi,
  { namespace }: ClusterRef,
  name: string,
): Promise<KubeObject | undefined> {
  return during(
    'read the report',
    api.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }),
  );
}

function journalIn(map: KubeObject | undefined): string | undefined {
  const text = recordIn(map, 'data')?.['journal'];
  return typeof text === 'string' ? text : undefined;
}

/** The teardown of another composite goes on there: its journal is relied on. */
function isTaken(map: KubeObject | undefined, uid: string): boolean {
  const writer = compositeUidOf(map);
  if (writer === undefined || writer === uid) return false;
  return map?.metadata.annotations?.[EXPIRES_ANNOTATION] === undefined;
}
