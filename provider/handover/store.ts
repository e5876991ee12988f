import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  CLUSTER_LABEL,
  COMPOSITE_UID_ANNOTATION,
  HOLD_LABEL,
  RECORD_LABEL,
} from '../../lib/apis/ownership.ts';
import { canonicalJson, contentHash } from '../../lib/core/hash.ts';
import { nameOf } from '../../lib/core/names.ts';
import { recordIn, type Json, type KubeObject } from '../../lib/core/object.ts';
import { messageOf, wrapError } from '../../lib/errors.ts';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { EscrowRef } from '../core/escrow/escrow-set.ts';
import { parsedRecord, type HandoverRecord } from '../core/handover/record.ts';
import { keyringOf, type KeyringDeps } from './keyring.ts';
import { SealError, signatureOf, verifySignature, type Keyring } from './seal.ts';

/** Type of the Secret with a record. */
const RECORD_TYPE = 'managedcluster.io/record';

const CONTENT = 'record.json.gz';
const SIGNATURE = 'signature';
const SECRET = { apiVersion: 'v1', kind: 'Secret' };

/** A signed record is small; anything else is not unpacked. */
const MOST_BYTES = 64 * 1024 * 1024;

/** ReadRecord is the record of a cluster, if one can be used. */
export interface ReadRecord {
  readonly record: HandoverRecord | undefined;
  /** Why Secrets that claim to be its record are not used. */
  readonly refused: readonly string[];
  /** One of them was signed with a key that is not known. */
  readonly keyUnknown: boolean;
}

/**
 * readRecord returns the newest record of a cluster that the provider itself has signed. Without the uid of a
 * composite, records for any composite are read.
 */
export async function readRecord(deps: KeyringDeps, cluster: EscrowRef): Promise<ReadRecord> {
  const { namespace, name, composite } = cluster;
  const [keys, secrets] = await Promise.all([keyringOf(deps), secretsOf(deps, cluster)]);
  const refused: string[] = [];
  const records: HandoverRecord[] = [];
  let keyUnknown = false;
  for (const secret of secrets) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- almost always there is only one
      const record = await opened(keys, secret);
      const isOurs = record.namespace === namespace && record.name === name;
      if (!isOurs) throw new SealError('it is the record of another cluster', false);
      if (composite === undefined || [undefined, composite].includes(record.composite)) {
        records.push(record);
      }
    } catch (error) {
      if (error instanceof SealError) keyUnknown ||= error.keyUnknown;
      refused.push(`Secret ${namespace}/${secret.metadata.name ?? ''}: ${messageOf(error)}`);
    }
  }
  const [record] = records.toSorted((a, b) => b.epoch - a.epoch);
  return { record, refused, keyUnknown };
}

/** otherRecords returns all records of other clusters that the provider has signed, in all namespaces. */
export async function otherRecords(
  deps: KeyringDeps,
  cluster: EscrowRef,
): Promise<readonly HandoverRecord[]> {
  const list = deps.management.list(SECRET, { labelSelector: RECORD_LABEL });
  const [keys, { items }] = await Promise.all([
    keyringOf(deps),
    wrapError('list the records of handovers', list),
  ]);
  const records = await Promise.all(
    items.map((secret) => opened(keys, secret).catch(() => undefined)),
  );
  return records.flatMap((record) => {
    if (record === undefined) return [];
    const isOwn = record.namespace === cluster.namespace && record.name === cluster.name;
    return isOwn ? [] : [record];
  });
}

/**
 * writeRecord stores a record, unless it is stored already. Secrets of others with its name are not changed. `isFirst`
 * saves a read if there is probably none yet.
 */
export async function writeRecord(
  deps: KeyringDeps,
  record: HandoverRecord,
  isFirst = false,
): Promise<void> {
  const keys = await keyringOf(deps);
  const json: Json = JSON.parse(JSON.stringify(record));
  const text = canonicalJson(json);
  const bytes = await promisify(gzip)(text);
  const data = {
    [CONTENT]: bytes.toString('base64'),
    [SIGNATURE]: Buffer.from(signatureOf(keys, purposeOf(record), bytes)).toString('base64'),
  };
  const secret = secretOf(record, data);
  const what = `write the record of the handover of cluster ${record.namespace}/${record.name}`;
  await wrapError(
    what,
    (async () => {
      if (isFirst && (await isCreated(deps, secret))) return;
      await ensure(deps, secret, data);
    })(),
  );
}

async function isCreated({ management }: KeyringDeps, secret: KubeObject): Promise<boolean> {
  try {
    await management.create(secret);
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}

async function ensure(
  { management }: KeyringDeps,
  secret: KubeObject,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const existing = await management.get(refOf(secret));
  if (existing === undefined) {
    await management.create(secret);
    return;
  }
  if (existing['type'] !== RECORD_TYPE) {
    const { namespace, name } = secret.metadata;
    throw new Error(`Secret ${namespace}/${name} exists and is not a record: delete or rename it`);
  }
  const now = recordIn(existing, 'data');
  if (now?.[CONTENT] === data[CONTENT] && now?.[SIGNATURE] === data[SIGNATURE]) return;
  const { uid, resourceVersion } = existing.metadata;
  const { labels, annotations } = secret.metadata;
  await management.patch(refOf(secret), {
    metadata: { uid, resourceVersion, labels, annotations },
    data,
  });
}

function secretOf(record: HandoverRecord, data: Readonly<Record<string, string>>): KubeObject {
  const { namespace, name, composite } = record;
  return {
    ...SECRET,
    metadata: {
      name: nameOf(name, 'record', ...(composite === undefined ? [] : [contentHash(composite)])),
      namespace,
      labels: { [RECORD_LABEL]: '', [CLUSTER_LABEL]: name, [HOLD_LABEL]: '' },
      ...(composite === undefined
        ? {}
        : { annotations: { [COMPOSITE_UID_ANNOTATION]: composite } }),
    },
    type: RECORD_TYPE,
    data,
  };
}

/** removeRecord deletes the records of a cluster that was taken back, deleted or released. */
export async function removeRecord(deps: KeyringDeps, cluster: EscrowRef): Promise<void> {
  const { composite } = cluster;
  const secrets = (await secretsOf(deps, cluster)).filter(({ metadata }) => {
    const made = metadata.annotations?.[COMPOSITE_UID_ANNOTATION];
    return composite === undefined || [undefined, composite].includes(made);
  });
  await wrapError(
    `remove the record of the handover of cluster ${cluster.namespace}/${cluster.name}`,
    Promise.all(secrets.map((secret) => release(deps, secret))),
  );
}

async function release({ management }: KeyringDeps, secret: KubeObject): Promise<void> {
  const { uid = '' } = secret.metadata;
  try {
    await management.patch(refOf(secret), { metadata: { uid, labels: { [HOLD_LABEL]: null } } });
    await management.delete(refOf(secret), { preconditions: { uid } });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

async function secretsOf(
  { management }: KeyringDeps,
  { namespace, name }: EscrowRef,
): Promise<readonly KubeObject[]> {
  const labelSelector = `${RECORD_LABEL},${CLUSTER_LABEL}=${name}`;
  return (await management.list({ ...SECRET, namespace }, { labelSelector })).items;
}

/** The signature is checked before anything is unpacked. */
async function opened(keys: Keyring, secret: KubeObject): Promise<HandoverRecord> {
  const data = recordIn(secret, 'data');
  const [content, signature] = [data?.[CONTENT], data?.[SIGNATURE]].map((value) =>
    Buffer.from(typeof value === 'string' ? value : '', 'base64'),
  );
  if (content === undefined || signature === undefined) throw new SealError('it is empty', false);
  const { namespace = '', labels } = secret.metadata;
  const purpose = purposeOf({ namespace, name: labels?.[CLUSTER_LABEL] ?? '' });
  verifySignature(keys, purpose, { text: content, signature: signature.toString('ascii') });
  const text = await promisify(gunzip)(content, { maxOutputLength: MOST_BYTES });
  const record = parsedRecord(text.toString('utf8'));
  if (record === undefined) throw new SealError('another version of the provider wrote it', false);
  return record;
}

function purposeOf({ namespace, name }: Pick<HandoverRecord, 'namespace' | 'name'>): string {
  return `record ${namespace}/${name}`;
}
