import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { AGENTS_NAMESPACE, agentIdentity } from '../../lib/apis/agent.ts';
import { CLUSTER_LABEL, ESCROW_LABEL, ESCROW_TIME } from '../../lib/apis/ownership.ts';
import { nameOf } from '../../lib/core/names.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { bothRun, ownershipText } from '../core/ownership.ts';
import { headOf, type Escrow, type Snapshot } from '../core/snapshot.ts';
import type { Wanted } from '../arguments.ts';
import { readerOf, type Reader } from './reader.ts';
import { readSide } from './side.ts';
import { findSubject } from './subject.ts';
import { readWorkload } from './workload.ts';

/** Place is the environment of the command. */
export interface Place {
  readonly api: KubeApi;
  readonly namespace: string;
  /** `kubectl` with the flags for this cluster. */
  readonly kubectl: string;
  /** The wall clock. */
  readonly now: () => Date;
}

/**
 * observe reads all objects of a ManagedCluster on both sides, and changes nothing. Objects that cannot
 * be read are noted in the snapshot. Fails when the ManagedCluster does not exist, or the API server
 * cannot be reached.
 */
export async function observe(place: Place, wanted: Wanted, tries = 3): Promise<Snapshot> {
  const snapshot = await look(place, wanted);
  const { management, workload } = snapshot;
  const there = workload.kind === 'Reached' ? workload.objects.cluster : undefined;
  const alarming = tries > 1 && bothRun(management.cluster, there);
  return alarming && !(await isUnchanged(place.api, management.cluster))
    ? observe(place, wanted, tries - 1)
    : snapshot;
}

/**
 * The sides are read one after the other. A pivot in between would look as if both sides reconciled, so
 * the first side is read again: a change of owner changes its epoch.
 */
async function isUnchanged(api: KubeApi, cluster: KubeObject | undefined): Promise<boolean> {
  if (cluster === undefined) return false;
  const now = await api.get(refOf(cluster));
  return now !== undefined && ownershipText(now) === ownershipText(cluster);
}

async function look(place: Place, wanted: Wanted): Promise<Snapshot> {
  const { namespace } = place;
  const reader = readerOf(place.api);
  const found = await findSubject(reader, wanted, namespace);
  const { name } = found.subject;
  const named = { namespace, name };
  const [management, parts, teardown, escrows] = await Promise.all([
    readSide(reader, named),
    readParts(reader, named),
    reader.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: nameOf(name, 'teardown') }),
    readEscrows(reader, named),
  ]);
  const heartbeat = await readHeartbeat(reader, named, found.composite ?? parts.plan);
  const own: Snapshot = {
    takenAt: place.now().toISOString(),
    kubectl: place.kubectl,
    ...found,
    ...parts,
    otherComposed: [],
    management,
    workload: { kind: 'NotYet' },
    ...(heartbeat === undefined ? {} : { heartbeat }),
    escrows,
    ...(teardown === undefined ? {} : { teardown }),
    unread: [],
  };
  const kubeconfigSecret = secretRefOf(own);
  const [workload, otherComposed] = await Promise.all([
    readWorkload(reader, own, kubeconfigSecret),
    readOthers(reader, own),
  ]);
  return {
    ...own,
    ...(kubeconfigSecret === undefined ? {} : { kubeconfigSecret }),
    workload,
    otherComposed,
    // Ages are relative to the end of the reads, so that none is negative.
    takenAt: place.now().toISOString(),
    unread: reader.unread(),
  };
}

const LEASE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: AGENTS_NAMESPACE,
};

/** The Lease has the name of the composite's uid; the plan refers to the composite. */
async function readHeartbeat(
  reader: Reader,
  named: Named,
  known: KubeObject | undefined,
): Promise<KubeObject | undefined> {
  if (known === undefined) return undefined;
  const { uid, ownerReferences = [] } = known.metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true)?.uid;
  const composite = known.kind === CLUSTER_PLAN.kind ? owner : uid;
  return reader.get({ ...LEASE, name: agentIdentity({ ...named, composite }) });
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

async function readParts(
  reader: Reader,
  named: Named,
): Promise<Pick<Snapshot, 'plan' | 'agentInstallation' | 'pivot' | 'otherPivots'>> {
  const { namespace, name } = named;
  const [plan, agentInstallation, pivots] = await Promise.all([
    reader.get({ ...CLUSTER_PLAN, ...named }),
    reader.get({ ...AGENT_INSTALLATION, ...named }),
    reader.list({ ...PIVOT, namespace }),
  ]);
  const own = pivots.filter((one) => recordIn(one, 'spec')?.['clusterName'] === name);
  const pivot = own.find(({ metadata }) => metadata.name === name);
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(agentInstallation === undefined ? {} : { agentInstallation }),
    ...(pivot === undefined ? {} : { pivot }),
    otherPivots: own.filter((one) => one !== pivot),
  };
}

async function readEscrows(reader: Reader, { namespace, name }: Named): Promise<readonly Escrow[]> {
  const labelSelector = `${ESCROW_LABEL},${CLUSTER_LABEL}=${name}`;
  const secrets = await reader.list(
    { apiVersion: 'v1', kind: 'Secret', namespace },
    { labelSelector },
  );
  return secrets.map(({ metadata }) => {
    const refreshed = metadata.annotations?.[ESCROW_TIME];
    return { name: metadata.name ?? '', ...(refreshed === undefined ? {} : { refreshed }) };
  });
}

/** AgentInstallation, Pivot and the status of the ManagedCluster reference the kubeconfig Secret. */
function secretRefOf(snapshot: Snapshot): Snapshot['kubeconfigSecret'] {
  const { agentInstallation, pivot } = snapshot;
  const refs = [
    recordIn(recordIn(agentInstallation, 'spec'), 'kubeconfigSecretRef'),
    recordIn(recordIn(pivot, 'spec'), 'kubeconfigSecretRef'),
    recordIn(recordIn(headOf(snapshot), 'status'), 'kubeconfigSecretRef'),
  ];
  const ref = refs.find((one) => typeof one?.['name'] === 'string');
  if (ref === undefined) return undefined;
  const { name, key } = ref;
  return { name: String(name), key: typeof key === 'string' ? key : 'value' };
}

/** Objects composed by other steps of the pipeline. */
async function readOthers(reader: Reader, snapshot: Snapshot): Promise<readonly KubeObject[]> {
  const spec = recordIn(snapshot.composite, 'spec');
  const refs = recordIn(spec, 'crossplane')?.['resourceRefs'] ?? spec?.['resourceRefs'];
  if (!Array.isArray(refs)) return [];
  const { namespace } = snapshot.subject;
  const others = refs.filter(isRecord).flatMap((ref) => {
    const { apiVersion, kind, name } = ref;
    const known =
      typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
    return known && !isOurs(apiVersion) ? [{ apiVersion, kind, name, namespace }] : [];
  });
  const objects = await Promise.all(others.map((ref) => reader.get(ref)));
  return objects.filter((object) => object !== undefined);
}

function isOurs(apiVersion: string): boolean {
  return /^(m\.managedcluster\.io|([a-z]+\.)?cluster\.x-k8s\.io)\//.test(apiVersion);
}
