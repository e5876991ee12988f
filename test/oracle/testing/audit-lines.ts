import { microseconds, readEvents, type Side } from '../audit-event.ts';
import { CONTROLLERS, type Actors } from '../finding.ts';
import { History } from '../history.ts';

/** What a line of a made-up audit log says; all else is filled in. */
export interface Line {
  readonly side: Side;
  /** Milliseconds since the story began; a request takes two of them. */
  readonly at: number;
  readonly actor?: string;
  readonly verb?: string;
  readonly code?: number;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name: string;
  /** Answer of the server; none at the level Metadata. */
  readonly answer?: object;
  readonly query?: string;
}

/** Users of the story. */
export const PROVIDER = 'system:serviceaccount:managed-cluster-system:provider';
export const KCP =
  'system:serviceaccount:capi-kubeadm-control-plane-system:capi-kubeadm-control-plane-manager';
export const CORE_MANAGER = 'system:serviceaccount:capi-system:capi-manager';
export const COLLECTOR = 'system:serviceaccount:kube-system:generic-garbage-collector';
export const USER = 'alice';

/** Who is who in the story. */
export const ACTORS: Actors = { product: [PROVIDER], controllers: CONTROLLERS, people: [USER] };

const NAMESPACE = 'team-a';
const BEGINNING = microseconds('2026-01-01T00:00:00.000000Z');

function time(at: number): string {
  const all = BEGINNING + at * 1000;
  const fraction = String(all % 1_000_000).padStart(6, '0');
  return new Date(Math.floor(all / 1_000_000) * 1000)
    .toISOString()
    .replace('.000Z', `.${fraction}Z`);
}

/** auditLine is the line as a real API server writes it. */
export function auditLine(line: Line): string {
  const { group = '', resource, subresource, name, verb = 'patch', code = 200 } = line;
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: line.answer === undefined ? 'Metadata' : 'RequestResponse',
    auditID: `${line.side}-${line.at}-${resource}-${name}`,
    stage: 'ResponseComplete',
    requestURI: `/apis/${group}/namespaces/${NAMESPACE}/${resource}/${name}${line.query ?? ''}`,
    verb,
    user: { username: line.actor ?? PROVIDER },
    objectRef: {
      resource,
      namespace: NAMESPACE,
      name,
      apiGroup: group,
      ...(subresource && { subresource }),
    },
    responseStatus: { code },
    ...(line.answer && { responseObject: line.answer }),
    requestReceivedTimestamp: time(line.at),
    stageTimestamp: time(line.at + 2),
  });
}

/** historyOf tells a story to the oracle, each side's lines in its own log. */
export function historyOf(lines: readonly Line[]): History {
  const history = new History();
  for (const side of ['management', 'workload'] as const) {
    const text = lines
      .filter((line) => line.side === side)
      .map(auditLine)
      .join('\n');
    history.add(side, readEvents(text).events);
  }
  return history;
}

/** What a Cluster in the story is like. */
export interface ClusterIs {
  readonly version: number;
  readonly paused?: boolean;
  readonly owner?: string;
  readonly epoch?: number;
  readonly uid?: string;
}

/** clusterIs is a write of Cluster `c` that leaves it like that. */
export function clusterIs(
  side: Side,
  at: number,
  state: ClusterIs,
  more: Partial<Line> = {},
): Line {
  const { owner, epoch, paused, version, uid = `${side}-c` } = state;
  const annotations = {
    ...(owner !== undefined && { 'managedcluster.io/owner': owner }),
    ...(epoch !== undefined && { 'managedcluster.io/epoch': String(epoch) }),
  };
  return {
    side,
    at,
    group: 'cluster.x-k8s.io',
    resource: 'clusters',
    name: 'c',
    answer: {
      kind: 'Cluster',
      metadata: {
        namespace: NAMESPACE,
        name: 'c',
        uid,
        resourceVersion: String(version),
        annotations,
      },
      spec: { ...(paused !== undefined && { paused }) },
    },
    ...more,
  };
}

/** What a Machine in the story is like. */
export interface MachineIs {
  readonly name: string;
  readonly version: number;
  readonly providerID?: string;
  readonly finalizers?: readonly string[];
  readonly deleting?: boolean;
}

/** machineIs is a write of a Machine of Cluster `c` that leaves it like that. */
export function machineIs(
  side: Side,
  at: number,
  state: MachineIs,
  more: Partial<Line> = {},
): Line {
  const { name, providerID, version, finalizers = ['machine.cluster.x-k8s.io'], deleting } = state;
  return {
    side,
    at,
    group: 'cluster.x-k8s.io',
    resource: 'machines',
    name,
    answer: {
      kind: 'Machine',
      metadata: {
        namespace: NAMESPACE,
        name,
        uid: `${side}-${name}`,
        resourceVersion: String(version),
        finalizers,
        ...(deleting && { deletionTimestamp: '2026-01-01T00:00:01Z' }),
      },
      spec: { clusterName: 'c', ...(providerID && { providerID }) },
    },
    ...more,
  };
}

/** secretMade is the creation of a Secret. */
export function secretMade(side: Side, at: number, name: string, actor: string): Line {
  return { side, at, actor, verb: 'create', code: 201, resource: 'secrets', name };
}
