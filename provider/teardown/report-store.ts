import { compositeUidOf } from '../../lib/apis/composed.ts';
import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { NameTakenError } from '../stamped.ts';
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
 * reportStore stores reports in ConfigMaps named after their clusters; if that name is taken, by the uid of the
 * composite too. A ConfigMap that no teardown created is never changed. They cannot be created in a namespace that is being deleted:
 * the journal is then only kept in memory, and no step relies on more.
 */
export function reportStore(api: KubeApi): ReportStore {
  const all = new Map<string, Known>();
  return {
    async read({ composite, cluster }, now): Promise<TeardownJournal> {
      const { uid = '', deletionTimestamp } = composite.metadata;
      const known = all.get(uid);
      const found = await readReport(api, cluster, { uid, ...known });
      all.set(uid, { ...known, name: found.name });
      return found.journal ?? known?.journal ?? newJournal(uid, deletionTimestamp ?? now);
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
      await wrapError('write the report', put(api, map, uid));
      all.set(uid, { ...known, written: map });
    },
    forget({ composite }): void {
      all.delete(composite.metadata.uid ?? '');
    },
  };
}

interface Report {
  readonly name: string;
  readonly journal: TeardownJournal | undefined;
}

/** What somebody else wrote says nothing about this teardown. */
async function readReport(
  api: KubeApi,
  cluster: ClusterRef,
  { uid, name }: { readonly uid: string; readonly name?: string },
): Promise<Report> {
  const [usual, own] = [reportName(cluster.name), ownReportName(cluster.name, uid)];
  const found = await readMap(api, cluster, usual);
  const taken = isTaken(found, uid) || name === own;
  const map = taken ? await readMap(api, cluster, own) : found;
  const journal = isForeign(map) ? undefined : parsedJournal(journalIn(map), uid);
  return { name: taken ? own : usual, journal };
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

/** A ConfigMap that no teardown created. */
function isForeign(map: KubeObject | undefined): map is KubeObject {
  return map !== undefined && compositeUidOf(map) === undefined;
}

/**
 * Somebody else has a ConfigMap of this name, or the teardown of another composite uses this report and relies on its
 * journal. The report of a teardown that has ended is replaced.
 */
function isTaken(map: KubeObject | undefined, uid: string): boolean {
  const writer = compositeUidOf(map);
  if (writer === uid) return false;
  return isForeign(map) || (map !== undefined && !(EXPIRES_ANNOTATION in annotationsOf(map)));
}

/** Creates the report, or changes exactly the one that was looked at, but never a ConfigMap of somebody else. */
async function put(api: KubeApi, map: KubeObject, uid: string): Promise<void> {
  const found = await api.get(refOf(map));
  if (found === undefined) {
    await api.create(map, { fieldManager: FIELD_MANAGER });
    return;
  }
  if (isTaken(found, uid)) throw new NameTakenError(found);
  const { resourceVersion } = found.metadata;
  const locked = resourceVersion === undefined ? {} : { resourceVersion };
  const metadata = { ...map.metadata, ...locked };
  await api.apply({ ...map, metadata }, { fieldManager: FIELD_MANAGER, force: true });
}

function annotationsOf({ metadata }: KubeObject): Readonly<Record<string, string>> {
  return metadata.annotations ?? {};
}
