import { causesOf, wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { managedBy } from './management-mark.ts';
import { clusterUid } from '../cluster-uid.ts';
import { type Expected, type Refusal, targetRefusal } from '../core/installation/target-refusal.ts';
import { targetFacts } from '../target-facts.ts';

/** RefusedTargetError says that a kubeconfig connects to a cluster that must not be written to. */
export class RefusedTargetError extends Error {
  override readonly name = 'RefusedTargetError';
  readonly reason: Refusal['reason'];

  constructor({ reason, message }: Refusal) {
    super(message);
    this.reason = reason;
  }
}

/** refusedTargetIn returns the refusal in the causes of an error; undefined if there is none. */
export function refusedTargetIn(error: unknown): RefusedTargetError | undefined {
  return causesOf(error).find((cause) => cause instanceof RefusedTargetError);
}

/**
 * provenTarget returns the uid of a workload cluster (of its namespace kube-system) if it is the expected
 * one. Fails with {@link RefusedTargetError} if it is not, and with another error if this cannot be
 * determined.
 */
export async function provenTarget(
  workload: KubeApi,
  management: KubeApi,
  expected: Omit<Expected, 'managementUid'>,
): Promise<string> {
  const [facts, managementUid, other] = await wrapError(
    'identify the cluster',
    Promise.all([
      targetFacts(workload),
      clusterUid(management),
      managedBy(workload, expected.cluster),
    ]),
  );
  const refusal = targetRefusal({ ...facts, managedBy: other }, { ...expected, managementUid });
  if (refusal !== undefined) throw new RefusedTargetError(refusal);
  return facts.uid;
}
