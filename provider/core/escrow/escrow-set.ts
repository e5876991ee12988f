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

/** ESCROW_REPORT is the annotation with the hash of the agent's report at which the escrow was taken. */
export const ESCROW_REPORT = 'managedcluster.io/escrow-report';

/**
 * CHUNK_BYTES is how much of an escrow goes into one Secret. The API server refuses Secrets with more
 * than 1 MiB of data (core/v1 MaxSecretSize).
 */
export const CHUNK_BYTES = 900 * 1024;

const HASH = 'managedcluster.io/escrow-hash';
const CHUNK = 'managedcluster.io/escrow-chunk';
const DATA = 'objects.json.gz';

/** ClusterRef names a cluster on the management side. */
export interface ClusterRef {
  readonly namespace: string;
  readonly name: string;
}

/** EscrowRef names a cluster and, where that is known, whose it is. */
export interface EscrowRef extends ClusterRef {
  /** uid of its composite. */
  readonly composite?: string | undefined;
}

/**
 * EscrowSet is one state of the objects of a cluster, spread over Secrets. Sets are never changed, but
 * replaced by one with a higher sequence under other names: a reader sees whole sets only.
 */
export interface EscrowSet {
  /** Grows by one with every set; the clock has no say in which one is the newest. */
  readonly sequence: number;
  /** SHA-256 of the JSON of the objects, in hexadecimal. */
  readonly hash: string;
  /** Secrets in order of their chunks. */
  readonly secrets: readonly KubeObject[];
  /** uid of the composite whose cluster it is; undefined when nobody has noted it. */
  readonly composite: string | undefined;
  /** Whether all chunks are there. */
  readonly complete: boolean;
}

/** escrowSets sorts the Secrets of a cluster's escrow into sets, newest first. */
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

/** setsOf leaves out what was kept for another composite with a cluster of the same name. */
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

/** NewSet is a set that is to be written. */
export interface NewSet {
  readonly cluster: EscrowRef;
  readonly sequence: number;
  readonly hash: string;
  /** Contents of the Secrets in base64, in order. */
  readonly chunks: readonly string[];
  /** RFC 3339. */
  readonly time: string;
  /** Hash of the agent's report; see {@link ESCROW_REPORT}. */
  readonly report?: string | undefined;
}

/**
 * escrowSecrets are the Secrets of a set. Nothing owns them: they outlive the composite on purpose,
 * until Teardown has brought the cluster back.
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

/** nextSequence is above all sets, also those that a writer left unfinished. */
export function nextSequence(sets: readonly EscrowSet[]): number {
  return (sets[0]?.sequence ?? 0) + 1;
}
