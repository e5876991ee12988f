import { messageOf } from '../../lib/errors.ts';
import { doneWith, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { escrowed } from '../core/teardown/belonging.ts';
import { withUnproved } from '../core/teardown/journal.ts';
import { FORCE_ESCROW_ANNOTATION } from '../core/teardown/subject.ts';
import { readEscrow, type Escrow } from '../escrow/escrow.ts';
import { readRecord } from '../handover/store.ts';
import type { Pass } from './pass.ts';

/**
 * trustEscrow returns the last known state of a cluster that counts as dead, and records what cannot be
 * verified as a result; Stalled if no state can be used. `failure` is why the cluster does not answer.
 */
export async function trustEscrow(
  pass: Pass,
  failure: string | undefined,
): Promise<Outcome<Escrow>> {
  const { deps, subject, journal } = pass;
  const { namespace, name } = subject.cluster;
  const escrow = await lastKnown(pass).catch((error: unknown) => messageOf(error));
  if (escrow === undefined || typeof escrow === 'string') {
    const why = escrow ?? 'there is none';
    return stalled(
      'EscrowMissing',
      `Cluster ${name} does not answer (${failure ?? 'but was declared dead'}) and its last known state cannot be used: ${why}. Restore its API server, or set spec.deletionPolicy to Orphan and remove its machines in your cloud`,
    );
  }
  for (const sentence of doubts(pass, escrow, failure)) {
    journal.note((one) => withUnproved(one, sentence));
  }
  deps.events.event(
    subject.composite,
    'Warning',
    'UsingEscrow',
    `Cluster ${namespace}/${name} is taken back from its last known state, recorded at ${escrow.time}`,
  );
  return doneWith(escrow);
}

/** The last known state, if the provider itself has written it for this handover. */
async function lastKnown({ deps, subject }: Pass): Promise<Escrow | undefined> {
  const { record, refused } = await readRecord(deps, escrowed(subject));
  if (record !== undefined) return readEscrow(deps, record);
  if (refused.length === 0) return undefined;
  throw new Error(`the record of its handover cannot be used (${refused.join('; ')})`);
}

function doubts(
  { subject }: Pass,
  { time }: Escrow,
  failure: string | undefined,
): readonly string[] {
  return [
    `Whether any machine is left that the cluster created after ${time}: its API server was dead, so its last known state was used`,
    `Whether the cluster is really dead: ${evidence(subject.forced, failure)}`,
  ];
}

function evidence(forced: boolean, failure: string | undefined): string {
  const set = `annotation ${FORCE_ESCROW_ANNOTATION} was set`;
  if (failure === undefined) return `it answered, but ${set}`;
  return forced
    ? set
    : 'for ten minutes neither its API server answered nor its agent renewed its Lease';
}
