import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ESCROW_TIME } from '../../lib/apis/ownership.ts';
import { canonicalJson } from '../../lib/core/hash.ts';
import type { Json, KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import { wrapError } from '../../lib/errors.ts';
import {
  CHUNK_BYTES,
  chunkData,
  ESCROW_REPORT,
  type EscrowSet,
} from '../core/escrow/escrow-set.ts';
import type { HandoverRecord } from '../core/handover/record.ts';
import { sealed, unsealed, type Keyring } from '../handover/seal.ts';

/** Escrow is the last known state of a cluster. */
export interface Escrow {
  /** The raw objects, including Secrets and status. */
  readonly objects: readonly KubeObject[];
  /** When this state was last confirmed (RFC 3339). */
  readonly time: string;
  /** Hash of the agent report at that time. */
  readonly report: string | undefined;
}

/** isIntact reports whether a set can be opened. */
export async function isIntact(
  keys: Keyring,
  record: HandoverRecord,
  set: EscrowSet,
): Promise<boolean> {
  return opened(keys, record, set).then(
    () => true,
    () => false,
  );
}

/** opened returns the content of a set; fails if the provider did not seal it for the handover of the record. */
export async function opened(
  keys: Keyring,
  record: HandoverRecord,
  { sequence, secrets }: EscrowSet,
): Promise<Escrow> {
  if (sequence < record.escrow) {
    throw new Error(`set ${sequence} is older than set ${record.escrow}, which was written last`);
  }
  const bytes = Buffer.concat(secrets.map((secret) => Buffer.from(chunkData(secret), 'base64')));
  const text = await wrapError(
    `open set ${sequence}`,
    (async () => promisify(gunzip)(unsealed(keys, purposeOf(record, sequence), bytes)))(),
  );
  const annotations = secrets[0]?.metadata.annotations;
  const objects: readonly KubeObject[] = JSON.parse(text.toString('utf8'));
  return {
    objects,
    time: annotations?.[ESCROW_TIME] ?? '',
    report: annotations?.[ESCROW_REPORT],
  };
}

/** packed encrypts a content, and returns it in chunks, in base64. */
export async function packed(
  keys: Keyring,
  purpose: string,
  text: string,
): Promise<readonly string[]> {
  const bytes = sealed(keys, purpose, await promisify(gzip)(text));
  const count = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).toString('base64'),
  );
}

/** purposeOf says what an escrow is sealed for: it opens only as that set of that handover of that cluster. */
export function purposeOf(
  { namespace, name, handover }: HandoverRecord,
  sequence?: number,
): string {
  return ['escrow', `${namespace}/${name}`, handover, sequence ?? ''].join(' ');
}

/** textOf returns the objects as a text. The same objects result in the same text, independently of the order in which they were read. */
export function textOf(objects: readonly KubeObject[]): string {
  const sorted = objects.toSorted((a, b) => compareText(identityOf(a), identityOf(b)));
  // Objects from an API server are JSON, although their type does not say so.
  const json: Json = JSON.parse(JSON.stringify(sorted));
  return canonicalJson(json);
}

function identityOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion, kind, metadata.namespace, metadata.name].join(' ');
}
