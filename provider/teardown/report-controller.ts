import { wrapError } from '../../lib/errors.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { keyOf } from '../../lib/reconcile/work-queue.ts';
import { expiresInMs, REPORT_LABEL } from '../core/teardown/report.ts';
import type { ControllerParts, ProviderDeps } from '../deps.ts';
import { deleteObject } from './held-object.ts';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

/** The clock can jump, so reports are checked again after at most an hour. */
const LONGEST_MS = 3_600_000;

/** reportController deletes expired teardown reports. */
export function reportController(deps: ProviderDeps): ControllerParts {
  return {
    reconciler: { name: 'teardown-report', reconcile: (key) => expire(deps, key) },
    sources: [
      {
        type: CONFIG_MAP,
        options: { labelSelector: REPORT_LABEL },
        toKeys: (object) => [keyOf(object)],
      },
    ],
  };
}

async function expire({ management, clock }: ProviderDeps, key: Key): Promise<Result> {
  const ref = { ...CONFIG_MAP, namespace: key.namespace, name: key.name };
  const report = await wrapError(`read report ${key.name}`, management.get(ref));
  if (report === undefined || !(REPORT_LABEL in (report.metadata.labels ?? {}))) return {};
  const left = expiresInMs(report, clock.now().getTime());
  if (left === undefined) return {};
  if (left > 0) return { requeueAfterMs: Math.min(left, LONGEST_MS) };
  await deleteObject(management, report);
  return {};
}
