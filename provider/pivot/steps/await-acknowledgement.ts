import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { isNoMatch } from '../../../lib/kube/errors.ts';
import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { acknowledgementMissing } from '../../core/pivot/acknowledgement.ts';
import { theAttempt, type PivotStep, type Scope } from '../scope.ts';

/** awaitAcknowledgement waits until Crossplane core itself has released the objects. */
export const awaitAcknowledgement: PivotStep = { name: 'AwaitAcknowledgement', run };

const SLICE_MS = 5000;
const INTERVAL_MS = 300;

async function run(scope: Scope): Promise<Outcome> {
  const { record, deps, source } = scope;
  const { controller } = theAttempt(scope);
  const acknowledged = record.journal.acknowledgedAt !== undefined;
  if (controller === undefined || source === undefined || acknowledged) return done;
  const end = performance.now() + SLICE_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- checks are sequential
    const missing = acknowledgementMissing(await theComposite(scope));
    if (missing === undefined) break;
    if (performance.now() >= end || scope.signal.aborted) {
      return wait('WaitingForAcknowledgement', `Waiting for Crossplane: ${missing}`, INTERVAL_MS);
    }
    // oxlint-disable-next-line no-await-in-loop -- the pause between two checks
    await sleep(INTERVAL_MS);
  }
  record.note({ journal: { acknowledgedAt: deps.clock.now().toISOString() } });
  return done;
}

/** A cluster-scoped composite is read without a namespace, because its API path has none. */
async function theComposite(scope: Scope): Promise<KubeObject | undefined> {
  const { deps, cluster } = scope;
  const { controller } = theAttempt(scope);
  if (controller === undefined) return undefined;
  const { apiVersion, kind, name, uid } = controller;
  const ref: ObjectRef = { apiVersion, kind, name, namespace: cluster.namespace };
  try {
    const found = await wrapError('read the composite', deps.management.get(ref));
    return found?.metadata.uid === uid ? found : undefined;
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw error;
  }
}
