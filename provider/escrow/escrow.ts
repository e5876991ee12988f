import {
  CLUSTER_LABEL,
  COMPOSITE_UID_ANNOTATION,
  ESCROW_LABEL,
  ESCROW_TIME,
  HOLD_LABEL,
} from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import {
  ESCROW_REPORT,
  escrowSecrets,
  escrowSets,
  nextSequence,
  setsOf,
  type ClusterRef,
  type EscrowRef,
  type EscrowSet,
} from '../core/escrow/escrow-set.ts';
import type { HandoverRecord } from '../core/handover/record.ts';
import type { ProviderDeps } from '../deps.ts';
import { keyringOf, type KeyringDeps } from '../handover/keyring.ts';
import { digestOf } from '../handover/seal.ts';
import { removeRecord, writeRecord } from '../handover/store.ts';
import { isIntact, opened, packed, purposeOf, textOf, type Escrow } from './sealed-set.ts';

export type { Escrow } from './sealed-set.ts';

/** EscrowDeps are the dependencies of the escrow functions. */
export type EscrowDeps = KeyringDeps & Pick<ProviderDeps, 'clock'>;

/** Number of refused sets that a message names. */
const NAMED = 3;

/** EscrowRefusedError says that there is an escrow, but none that the provider wrote for this handover. */
export class EscrowRefusedError extends Error {}

/**
 * ensureEscrow stores the objects of a cluster on the management side, so that the loss of the workload API
 * server never leaves infrastructure that nothing can delete. They are encrypted, and bound to the handover of
 * the record. The new set is complete, and the record says that no older one counts, before the old one is
 * deleted. Fails with a conflict if another writer was faster: the caller must read again.
 */
export async function ensureEscrow(
  deps: EscrowDeps,
  record: HandoverRecord,
  objects: readonly KubeObject[],
  report?: string,
): Promise<void> {
  const what = `keep the escrow of cluster ${record.namespace}/${record.name}`;
  await wrapError(what, writeEscrow(deps, record, { text: textOf(objects), report }));
}

interface Content {
  readonly text: string;
  readonly report: string | undefined;
}

async function writeEscrow(
  deps: EscrowDeps,
  record: HandoverRecord,
  { text, report }: Content,
): Promise<void> {
  const { management, clock } = deps;
  const [keys, found] = await Promise.all([keyringOf(deps), secretsOf(management, record)]);
  const all = escrowSets(found);
  const sets = setsOf(all, record.composite);
  const hash = digestOf(keys, purposeOf(record), text);
  const current = sets.find(({ complete }) => complete);
  const time = clock.now().toISOString();
  const { composite = current?.composite } = record;
  if (current?.hash === hash && (await isIntact(keys, record, current))) {
    await confirm(management, current, { time, report, composite });
    await writeRecord(deps, { ...record, escrow: current.sequence });
    await removeSets(
      management,
      sets.filter((set) => set !== current),
    );
    return;
  }
  // Their names are in use, no matter which composite they belong to.
  const sequence = Math.max(nextSequence(all), record.escrow + 1);
  const chunks = await packed(keys, purposeOf(record, sequence), text);
  const { namespace, name } = record;
  const cluster = { namespace, name, composite };
  const secrets = escrowSecrets({ cluster, sequence, hash, chunks, time, report });
  await Promise.all(secrets.map((secret) => management.create(secret)));
  await writeRecord(deps, { ...record, escrow: sequence }, record.escrow === 0);
  await removeSets(management, sets);
}

/**
 * readEscrow returns the newest complete state that the provider wrote for the handover of the record; undefined if
 * no escrow exists. Sets of other composites are ignored.
 *
 * @throws EscrowRefusedError if there are only others: forged, of another handover, older than the last one, or
 *   not encrypted.
 */
export async function readEscrow(
  deps: KeyringDeps,
  record: HandoverRecord,
): Promise<Escrow | undefined> {
  const { namespace, name } = record;
  const [keys, secrets] = await Promise.all([
    keyringOf(deps),
    wrapError(
      `list the escrow of cluster ${namespace}/${name}`,
      secretsOf(deps.management, record),
    ),
  ]);
  const own = setsOf(escrowSets(secrets), record.composite);
  const refused: string[] = [];
  for (const set of own.filter(({ complete }) => complete)) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- an older set is read only if this one is broken
      return await opened(keys, record, set);
    } catch (error) {
      refused.push(messageOf(error));
    }
  }
  if (own.length === 0) return undefined;
  throw new EscrowRefusedError(
    `the escrow of cluster ${namespace}/${name} cannot be used: ${refused.slice(0, NAMED).join('; ') || 'no set of Secrets is complete'}`,
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

/** removeEscrow deletes the escrow of a cluster that was taken back, deleted or released, and the record of its handover. */
export async function removeEscrow(deps: KeyringDeps, cluster: EscrowRef): Promise<void> {
  const sets = escrowSets(await secretsOf(deps.management, cluster));
  await wrapError(
    `remove the escrow of cluster ${cluster.namespace}/${cluster.name}`,
    removeSets(deps.management, setsOf(sets, cluster.composite)),
  );
  await removeRecord(deps, cluster);
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
