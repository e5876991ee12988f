import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  CLUSTER_LABEL,
  COMPOSITE_UID_ANNOTATION,
  ESCROW_LABEL,
  ESCROW_TIME,
  HOLD_LABEL,
} from '../../lib/apis/ownership.ts';
import { canonicalJson, sha256 } from '../../lib/core/hash.ts';
import type { Json, KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import {
  CHUNK_BYTES,
  chunkData,
  ESCROW_REPORT,
  escrowSecrets,
  escrowSets,
  nextSequence,
  setsOf,
  type ClusterRef,
  type EscrowRef,
  type EscrowSet,
} from '../core/escrow/escrow-set.ts';
import type { ProviderDeps } from '../deps.ts';

/** EscrowDeps are the dependencies of the escrow functions. */
export type EscrowDeps = Pick<ProviderDeps, 'management' | 'clock'>;

/** Escrow is the last known state of a cluster. */
export interface Escrow {
  /** The raw objects, including Secrets and status. */
  readonly objects: readonly KubeObject[];
  /** When this state was last confirmed (RFC 3339). */
  readonly time: string;
  /** Hash of the agent report at that time. */
  readonly report: string | undefined;
}

/**
 * ensureEscrow stores the objects of a cluster on the management side, so that the loss of the workload API
 * server never leaves infrastructure that nothing can delete. The new set is complete before the old one is
 * deleted. Fails with a conflict if another writer was faster: the caller must read again.
 */
export async function ensureEscrow(
  deps: EscrowDeps,
  cluster: EscrowRef,
  objects: readonly KubeObject[],
  report?: string,
): Promise<void> {
  const what = `keep the escrow of cluster ${cluster.namespace}/${cluster.name}`;
  await wrapError(what, writeEscrow(deps, cluster, { text: textOf(objects), report }));
}

interface Content {
  readonly text: string;
  readonly report: string | undefined;
}

async function writeEscrow(
  { management, clock }: EscrowDeps,
  cluster: EscrowRef,
  { text, report }: Content,
): Promise<void> {
  const all = escrowSets(await secretsOf(management, cluster));
  const sets = setsOf(all, cluster.composite);
  const hash = sha256(text);
  const current = sets.find(({ complete }) => complete);
  const time = clock.now().toISOString();
  if (current?.hash === hash && (await isIntact(current))) {
    await confirm(management, current, { time, report, composite: cluster.composite });
    await removeSets(
      management,
      sets.filter((set) => set !== current),
    );
    return;
  }
  const chunks = await packed(text);
  // Their names are in use, no matter which composite they belong to.
  const sequence = nextSequence(all);
  const owned = { ...cluster, composite: cluster.composite ?? current?.composite };
  const secrets = escrowSecrets({ cluster: owned, sequence, hash, chunks, time, report });
  await Promise.all(secrets.map((secret) => management.create(secret)));
  await removeSets(management, sets);
}

/**
 * readEscrow returns the newest complete and intact state; undefined if no escrow exists. Fails if all sets
 * are broken. Sets of other composites are ignored.
 */
export async function readEscrow(
  { management }: Pick<ProviderDeps, 'management'>,
  cluster: EscrowRef,
): Promise<Escrow | undefined> {
  const { namespace, name } = cluster;
  const secrets = await wrapError(
    `list the escrow of cluster ${namespace}/${name}`,
    secretsOf(management, cluster),
  );
  const own = setsOf(escrowSets(secrets), cluster.composite);
  const sets = own.filter(({ complete }) => complete);
  const broken: string[] = [];
  for (const set of sets) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- an older set is read only if this one is broken
      return await opened(set);
    } catch (error) {
      broken.push(messageOf(error));
    }
  }
  if (own.length === 0) return undefined;
  throw new Error(
    `cannot read the escrow of cluster ${namespace}/${name}: ${broken.join('; ') || 'no set of Secrets is complete'}`,
  );
}

/** EscrowState is what is known about an escrow without unpacking it. */
export interface EscrowState {
  readonly time: string | undefined;
  readonly report: string | undefined;
}

/** escrowState reads the newest complete set; undefined if there is none. */
export async function escrowState(
  { management }: Pick<ProviderDeps, 'management'>,
  cluster: ClusterRef,
): Promise<EscrowState | undefined> {
  const sets = escrowSets(await secretsOf(management, cluster));
  const first = sets.find(({ complete }) => complete)?.secrets[0];
  if (first === undefined) return undefined;
  const { annotations } = first.metadata;
  return { time: annotations?.[ESCROW_TIME], report: annotations?.[ESCROW_REPORT] };
}

/** removeEscrow deletes the whole escrow of a cluster that was deleted or released. */
export async function removeEscrow(
  { management }: Pick<ProviderDeps, 'management'>,
  cluster: EscrowRef,
): Promise<void> {
  const sets = escrowSets(await secretsOf(management, cluster));
  await wrapError(
    `remove the escrow of cluster ${cluster.namespace}/${cluster.name}`,
    removeSets(management, setsOf(sets, cluster.composite)),
  );
}

async function secretsOf(
  api: KubeApi,
  { namespace, name }: ClusterRef,
): Promise<readonly KubeObject[]> {
  const labelSelector = `${ESCROW_LABEL},${CLUSTER_LABEL}=${name}`;
  const type = { apiVersion: 'v1', kind: 'Secret', namespace };
  return (await api.list(type, { labelSelector })).items;
}

interface Confirmed {
  readonly time: string;
  readonly report: string | undefined;
  readonly composite: string | undefined;
}

async function confirm(
  api: KubeApi,
  { secrets }: EscrowSet,
  { time, report, composite }: Confirmed,
): Promise<void> {
  const [first] = secrets;
  if (first === undefined) return;
  const annotations = {
    [ESCROW_TIME]: time,
    ...(report === undefined ? {} : { [ESCROW_REPORT]: report }),
    ...(composite === undefined ? {} : { [COMPOSITE_UID_ANNOTATION]: composite }),
  };
  await api.patch(refTo(first), { metadata: { annotations } });
}

async function removeSets(api: KubeApi, sets: readonly EscrowSet[]): Promise<void> {
  await Promise.all(sets.flatMap(({ secrets }) => secrets.map((secret) => release(api, secret))));
}

/** The hold is removed only here, and only from Secrets that are to be deleted. */
async function release(api: KubeApi, secret: KubeObject): Promise<void> {
  const { uid } = secret.metadata;
  try {
    await api.patch(refTo(secret), {
      metadata: { labels: { [HOLD_LABEL]: null }, ...(uid === undefined ? {} : { uid }) },
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  await api.delete(refTo(secret), { preconditions: uid === undefined ? {} : { uid } });
}

function refTo({ metadata }: KubeObject): ObjectRef {
  const { name = '', namespace = '' } = metadata;
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}

async function isIntact(set: EscrowSet): Promise<boolean> {
  return opened(set).then(
    () => true,
    () => false,
  );
}

async function opened({ sequence, hash, secrets }: EscrowSet): Promise<Escrow> {
  const bytes = Buffer.concat(secrets.map((secret) => Buffer.from(chunkData(secret), 'base64')));
  const text = (await wrapError(`unpack set ${sequence}`, promisify(gunzip)(bytes))).toString(
    'utf8',
  );
  if (sha256(text) !== hash) throw new Error(`set ${sequence} does not match its hash`);
  const annotations = secrets[0]?.metadata.annotations;
  const objects: readonly KubeObject[] = JSON.parse(text);
  return {
    objects,
    time: annotations?.[ESCROW_TIME] ?? '',
    report: annotations?.[ESCROW_REPORT],
  };
}

async function packed(text: string): Promise<readonly string[]> {
  const bytes = await promisify(gzip)(text);
  const count = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).toString('base64'),
  );
}

/** The same objects result in the same text, independently of the order in which they were read. */
function textOf(objects: readonly KubeObject[]): string {
  const sorted = objects.toSorted((a, b) => compareText(identityOf(a), identityOf(b)));
  // Objects from an API server are JSON, although their type does not say so.
  const json: Json = JSON.parse(JSON.stringify(sorted));
  return canonicalJson(json);
}

function identityOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion, kind, metadata.namespace, metadata.name].join(' ');
}
