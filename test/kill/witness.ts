import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '@managed-cluster/testbed';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { SIDES, type Side } from '../oracle/audit-event.ts';
import { AuditLog } from '../oracle/audit-log.ts';
import type { Outage } from '../oracle/deletions.ts';
import type { Actors, Finding } from '../oracle/finding.ts';
import { handoversOf, type Handover } from '../oracle/handovers.ts';
import { History } from '../oracle/history.ts';
import { judge, judgeSecrecy, type OracleOptions } from '../oracle/oracle.ts';
import { secretValues, type SecretObject, type SecretValue } from '../oracle/secret-values.ts';
import type { Place } from '../oracle/secrets.ts';
import { CLUSTER, MACHINE } from './subject.ts';

/** Witness watches a world for the oracle. */
export interface Witness {
  /** Reads what the audit logs have new, and lists Clusters and Machines of both sides. */
  look(): Promise<void>;
  /** What the oracle finds in all that was seen of one namespace. */
  judge(namespace: string, options: Partial<OracleOptions>): readonly Finding[];
  /** The handovers of the clusters of a namespace. */
  handovers(namespace: string): readonly Handover[];
  /** Remembers the credentials of all Secrets of both sides as they are now. */
  rememberSecrets(): Promise<void>;
  /** Looks for what was remembered in logs and in all objects that are no Secrets. */
  judgeSecrecy(): Promise<readonly Finding[]>;
  /** Ends its watches. */
  stop(): void;
  /** To be told when an API server is killed: its last lines may be missing. */
  readonly outages: Outage[];
}

/** WitnessOptions say whom it watches. */
export interface WitnessOptions {
  readonly sites: Readonly<Record<Side, Pick<Site, 'api' | 'auditLog'>>>;
  readonly logs: string;
  readonly actors: Actors;
}

/** createWitness begins to watch both sides; both API servers must be up when it looks. */
export function createWitness({ sites, logs, actors }: WitnessOptions): Witness {
  const history = new History();
  const files = SIDES.map((side) => ({ side, log: new AuditLog(sites[side].auditLog) }));
  const outages: Outage[] = [];
  const values = new Map<string, SecretValue>();
  const end = new AbortController();
  for (const side of SIDES) watch(history, { side, api: sites[side].api, signal: end.signal });
  return {
    outages,
    stop: () => end.abort(),
    async look() {
      await Promise.all(SIDES.map((side) => addLists(history, side, sites[side].api)));
      for (const { side, log } of files) log.readNew(({ events }) => history.add(side, events));
    },
    judge: (namespace, options) =>
      judge(history, { actors, atRest: true, outages, namespace, ...options }),
    handovers: (namespace) => history.clusters(namespace).flatMap(handoversOf),
    async rememberSecrets() {
      const lists = await Promise.all(
        SIDES.map((side) => sites[side].api.list({ apiVersion: 'v1', kind: 'Secret' })),
      );
      const secrets = lists.flatMap(({ items }) => items as readonly unknown[] as SecretObject[]);
      for (const value of secretValues(secrets)) values.set(value.value, value);
    },
    async judgeSecrecy() {
      const objects = await Promise.all(SIDES.map((side) => objectsOf(side, sites[side].api)));
      return judgeSecrecy([...values.values()], [...logFiles(logs), ...objects.flat()]);
    },
  };
}

interface Watched {
  readonly side: Side;
  readonly api: KubeApi;
  readonly signal: AbortSignal;
}

/** A watch goes on where it was when its API server comes back, so nothing is missed. */
function watch(history: History, { side, api, signal }: Watched): void {
  for (const type of [CLUSTER, MACHINE]) {
    void api.watch(
      type,
      ({ type: what, object }) => {
        if (what === 'SYNCED') return;
        history.addSeen(side, object, { time: Date.now() * 1000, gone: what === 'DELETED' });
      },
      { signal },
    );
  }
}

async function addLists(history: History, side: Side, api: KubeApi): Promise<void> {
  for (const type of [CLUSTER, MACHINE]) {
    const from = Date.now() * 1000;
    // oxlint-disable-next-line no-await-in-loop -- two lists
    const { items } = await api.list(type);
    history.addList(side, type.kind, items, { from, to: Date.now() * 1000 });
  }
}

/** Bytes of one look at a log: a string of JavaScript can't hold a whole one. */
const PIECE = 256 * 1024 * 1024;

function logFiles(folder: string): readonly Place[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, path: join(folder, name) }))
    .filter(({ path }) => statSync(path).isFile())
    .flatMap(({ name, path }) => pieces(readFileSync(path)).map((text) => ({ name, text })));
}

function pieces(content: Buffer): readonly string[] {
  const count = Math.ceil(content.length / PIECE);
  return Array.from({ length: count }, (_none, at) =>
    content.toString('latin1', at * PIECE, (at + 1) * PIECE),
  );
}

/** Whatever a user can read without a right to Secrets. */
const READABLE: readonly TypeRef[] = [
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Event' },
  { apiVersion: 'events.k8s.io/v1', kind: 'Event' },
  CLUSTER,
  MACHINE,
  { apiVersion: 'm.managedcluster.io/v1alpha1', kind: 'Pivot' },
  { apiVersion: 'm.managedcluster.io/v1alpha1', kind: 'ClusterPlan' },
  { apiVersion: 'm.managedcluster.io/v1alpha1', kind: 'AgentInstallation' },
];

/** A kind that a side does not serve has no objects there. */
async function objectsOf(side: Side, api: KubeApi): Promise<readonly Place[]> {
  const lists = await Promise.all(
    READABLE.map((type) => api.list(type).catch(() => ({ items: [] }))),
  );
  return lists.flatMap(({ items }) =>
    items.map((object) => ({
      name: `${object.kind} ${object.metadata.namespace}/${object.metadata.name} (${side})`,
      text: JSON.stringify(object),
    })),
  );
}
