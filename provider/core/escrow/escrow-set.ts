import {
  CLUSTER_LABEL,
  ESCROW_LABEL,
  COMPOSITE_UID_ANNOTATION,
  ESCROW_TIME,
  HOLD_LABEL,
} from '../../../lib/apis/ownership.ts';
import { nameOf } from '../../../lib/core/names.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';

/** ESCROW_TYPE is the type of the Secrets of an escrow. */
export const ESCROW_TYPE = 'managedcluster.io/escrow';

/** ESCROW_REPORT is the annotation with the hash of the agent report that the escrow corresponds to. */
export const ESCROW_REPORT = 'managedcluster.io/escrow-report';

/**
 * CHUNK_BYTES is the maximum size of the part of an escrow in one Secret. The API server rejects Secrets
 * with more than 1 MiB of data (core/v1 MaxSecretSize).
 */
export const CHUNK_BYTES = 900 * 1024;

const HASH = 'managedcluster.io/escrow-hash';
const CHUNK = 'managedcluster.io/escrow-chunk';
const DATA = 'objects.sealed';

/** ClusterRef names a cluster on the management side. */
export interface ClusterRef {
  readonly namespace: string;
  readonly name: string;
}

/** EscrowRef names a cluster and, if known, the composite that it belongs to. */
export interface EscrowRef extends ClusterRef {
  /** uid of its composite. */
  readonly composite?: string | undefined;
}

/**
 * EscrowSet is one state of the objects of a cluster, split across Secrets. A set is never changed but
 * replaced by one with a higher sequence and other names, so that readers only see complete sets.
 */
export interface EscrowSet {
  /** Increases by one with every set; the newest set is determined by sequence, not by time. */
  readonly sequence: number;
  /** HMAC of the JSON of the objects, in hexadecimal: it changes with the objects, the handover and the key. */
  readonly hash: string;
  /** The Secrets in the order of their chunks. */
  readonly secrets: readonly KubeObject[];
  /** uid of the composite that the cluster belongs to; undefined if it was not recorded. */
  readonly composite: string | undefined;
  /** Whether all chunks exist. */
  readonly complete: boolean;
}

/** escrowSets groups the Secrets of the escrow of a cluster into sets, newest first. */
export function escrowSets(secrets: readonly KubeObject[]): readonly EscrowSet[] {
  const sequences = new Set(secrets.map(sequenceOf));
  return [...sequences].toSorted((a, b) => b - a).map((sequence) => setOf(sequence, secrets));
}

function setOf(sequence: number, all: readonly KubeObject[]): EscrowSet {
  const secrets = all
    .filter((secret) => sequenceOf(secret) === sequence)
    .toSorted((a, b) => chunkOf(a).index - chunkOf(b).index);
  const hash = secrets[0]?.metadata.annotations?.[HASH] ?? '';
  const whole = secrets.every(
    (secret, at) =>
      chunkOf(secret).index === at &&
      chunkOf(secret).count === secrets.length &&
      secret.metadata.annotations?.[HASH] === hash &&
      secret.metadata.deletionTimestamp === undefined,
  );
  const composite = secrets[0]?.metadata.annotations?.[COMPOSITE_UID_ANNOTATION];
  return {
    sequence,
    hash,
    secrets,
    composite,
    complete: secrets.length > 0 && hash !== '' && whole,
  };
}

/** setsOf leaves out sets that were written for another composite with a cluster of the same name. */
export function setsOf(
  sets: readonly EscrowSet[],
  composite: string | undefined,
): readonly EscrowSet[] {
  if (composite === undefined) return sets;
  return sets.filter((set) => set.composite === undefined || set.composite === composite);
}

function sequenceOf({ metadata }: KubeObject): number {
  const sequence = Number(metadata.labels?.[ESCROW_LABEL]);
  return Number.isSafeInteger(sequence) ? sequence : 0;
}

function chunkOf({ metadata }: KubeObject): { readonly index: number; readonly count: number } {
  const [index, count] = (metadata.annotations?.[CHUNK] ?? '').split('/').map(Number);
  return { index: index ?? Number.NaN, count: count ?? Number.NaN };
}

/** chunkData is the content of a chunk, in base64. */
export function chunkData(secret: KubeObject): string {
  const data = recordIn(secret, 'data')?.[DATA];
  return typeof data === 'string' ? data : '';
}

/** NewSet is a set to be written. */
export interface NewSet {
  readonly cluster: EscrowRef;
  readonly sequence: number;
  readonly hash: string;
  /** The contents of the Secrets in order, in base64. */
  readonly chunks: readonly string[];
  /** RFC 3339. */
  readonly time: string;
  /** Hash of the agent report; see {@link ESCROW_REPORT}. */
  readonly report?: string | undefined;
}

/**
 * escrowSecrets returns the Secrets of a set. They have no owner, because they must outlive the composite
 * until Teardown has taken the cluster back.
 */
export function escrowSecrets(set: NewSet): readonly KubeObject[] {
  const { cluster, sequence, hash, chunks, time, report } = set;
  return chunks.map((chunk, index) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: nameOf(cluster.name, 'escrow', String(sequence), String(index)),
      namespace: cluster.namespace,
      labels: {
        [ESCROW_LABEL]: String(sequence),
        [CLUSTER_LABEL]: cluster.name,
        [HOLD_LABEL]: '',
      },
      annotations: {
        [HASH]: hash,
        [CHUNK]: `${index}/${chunks.length}`,
        [ESCROW_TIME]: time,
        ...(cluster.composite === undefined
          ? {}
          : { [COMPOSITE_UID_ANNOTATION]: cluster.composite }),
        ...(report === undefined ? {} : { [ESCROW_REPORT]: report }),
      },
    },
    type: ESCROW_TYPE,
    immutable: true,
    data: { [DATA]: chunk },
  }));
}

/** nextSequence returns a sequence that is higher than that of every set, including incomplete ones. */
export function nextSequence(sets: readonly EscrowSet[]): number {
  return (sets[0]?.sequence ?? 0) + 1;
}
