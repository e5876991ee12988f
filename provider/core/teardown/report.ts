import { CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import { nameOf } from '../../../lib/core/names.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { cutText, fitList } from '../../../lib/core/reported.ts';
import { metaTime } from '../../../lib/core/time.ts';
import type { ClusterRef } from '../escrow/escrow-set.ts';
import { stampOf } from './belonging.ts';
import { secondsSince, type TeardownJournal } from './journal.ts';

/** REPORT_LABEL is on the reports of teardowns. */
export const REPORT_LABEL = 'managedcluster.io/teardown';

/** EXPIRES_ANNOTATION says when a report is removed (RFC 3339); it is set when the teardown ends. */
export const EXPIRES_ANNOTATION = 'managedcluster.io/expires';

/** REPORT_HOURS is how long a report is kept. */
export const REPORT_HOURS = 72;

/** Characters of the sentence about what is waited for. */
const LONGEST_WAIT = 1024;

/** Bytes of the lists of objects in the journal; the report has them too, and all of it must stay below 256 KiB. */
const GONE_BYTES = 40_000;
const PRESENT_BYTES = 15_000;

/** reportName returns the name of the ConfigMap with the report of a teardown. */
export function reportName(cluster: string): string {
  return nameOf(cluster, 'teardown');
}

/** ownReportName returns the name to use while the teardown of another composite uses the usual name. */
export function ownReportName(cluster: string, composite: string): string {
  return nameOf(cluster, 'teardown', composite.slice(0, 8));
}

/** Report is the content of a report ConfigMap. */
export interface Report {
  readonly cluster: ClusterRef;
  /** The subject in words, for example `ManagedCluster default/demo`. */
  readonly subject: string;
  readonly journal: TeardownJournal;
  /** Name of the ConfigMap. */
  readonly name?: string | undefined;
  /** What the teardown waits for now. */
  readonly waiting?: string | undefined;
}

/** reportMap returns the ConfigMap: a text for users, and the journal for the next reconcile. */
export function reportMap(report: Report): KubeObject {
  const { cluster, journal } = report;
  const expires = expiryOf(journal);
  const { gone, present } = journal;
  const kept = fitList(gone, GONE_BYTES);
  const goneMore = (journal.goneMore ?? 0) + kept.more;
  const short = {
    ...journal,
    gone: kept.items,
    ...(goneMore === 0 ? {} : { goneMore }),
    present: fitList(present, PRESENT_BYTES).items,
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: report.name ?? reportName(cluster.name),
      namespace: cluster.namespace,
      labels: { [CLUSTER_LABEL]: cluster.name, [REPORT_LABEL]: '' },
      annotations: {
        ...stampOf(journal.composite),
        ...(expires === undefined ? {} : { [EXPIRES_ANNOTATION]: expires }),
      },
    },
    data: { report: reportText({ ...report, journal: short }), journal: JSON.stringify(short) },
  };
}

function expiryOf({ endTime }: TeardownJournal): string | undefined {
  if (endTime === undefined) return undefined;
  return metaTime(new Date(Date.parse(endTime) + REPORT_HOURS * 3_600_000));
}

/** reportText lists what was removed, after how many seconds, and what could not be verified. */
export function reportText({ subject, journal, waiting }: Report): string {
  const { startTime, endTime, gone, goneMore = 0, inventory, left, unproved } = journal;
  const lines = [
    `Teardown of ${subject}`,
    `Started  ${startTime}`,
    ...(endTime === undefined
      ? [`Now      ${cutText(waiting ?? 'working', LONGEST_WAIT)}`]
      : [`Ended    ${endTime}`, `Seconds  ${secondsSince(startTime, endTime)}`]),
    '',
    ...section('Steps', stepLines(journal)),
    ...section('Removed (seconds after the deletion)', [
      ...gone.map(({ kind, name, seconds }) => `${String(seconds).padStart(5)}  ${kind} ${name}`),
      ...(goneMore === 0 ? [] : [`and ${goneMore} more`]),
    ]),
    ...section(
      'Load balancers that only the cluster knew of: check whether they still exist in your cloud',
      inventory?.loadBalancers ?? [],
    ),
    ...section(
      'Volumes that only the cluster knew of: check whether they still exist in your cloud',
      inventory?.volumes ?? [],
    ),
    ...section('Kept on purpose', left),
    ...section('Could not be verified', unproved),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function stepLines({ steps }: TeardownJournal): readonly string[] {
  return steps.map(({ name, startTime, endTime }) => {
    const seconds = endTime === undefined ? '…' : String(secondsSince(startTime, endTime));
    return `${seconds.padStart(5)}  ${name}`;
  });
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`), ''];
}

/**
 * expiresInMs returns the milliseconds until a report may be removed; undefined for a report without an
 * end. `now` is in milliseconds.
 */
export function expiresInMs({ metadata }: KubeObject, now: number): number | undefined {
  const expires = Date.parse(metadata.annotations?.[EXPIRES_ANNOTATION] ?? '');
  return Number.isFinite(expires) ? expires - now : undefined;
}
