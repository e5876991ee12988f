import type { PivotReadyReason } from '../../../lib/apis/reasons/pivot-ready.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { isClusterApi, titleOf } from './identity.ts';
import { typeKey } from './move-types.ts';

/**
 * Providers set it during an operation that must not be interrupted (Cluster API contract, clusterctl.md
 * "block-move").
 */
const BLOCK_MOVE = 'clusterctl.cluster.x-k8s.io/block-move';

/** Maximum number of objects that a message names. */
const NAMED = 3;

/** pausingKinds returns the kinds that report `Paused`: those of which any object has the condition. */
export function pausingKinds(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(
    objects.filter((object) => conditionOf(object, 'Paused') !== undefined).map(typeKey),
  );
}

/**
 * moving returns the objects whose controller has not yet reported that it is paused: `Paused` is not True,
 * or refers to an older generation (CAPI v1.14 util/paused). An object without the condition counts if
 * other objects of its kind have it.
 */
export function moving(
  objects: readonly KubeObject[],
  kinds: ReadonlySet<string>,
): readonly KubeObject[] {
  return objects.filter((object) => {
    if (onlyJudges(object)) return false;
    const condition = conditionOf(object, 'Paused');
    if (condition === undefined) return kinds.has(typeKey(object));
    const { generation } = object.metadata;
    const fresh =
      condition.observedGeneration === undefined || condition.observedGeneration === generation;
    return condition.status !== 'True' || !fresh;
  });
}

/**
 * A MachineHealthCheck without its own remediation only reports health; the controllers that act on it are
 * waited for. Its controller checks it every 15 s (CAPI v1.14, machinehealthcheck_controller.go,
 * `WithRateLimitInterval`), and the cluster would be paused for as long (docs/decisions/0013).
 */
function onlyJudges(object: KubeObject): boolean {
  if (object.kind !== 'MachineHealthCheck' || !isClusterApi(object)) return false;
  const spec = recordIn(object, 'spec');
  const own = recordIn(spec, 'remediation')?.['templateRef'] ?? spec?.['remediationTemplate'];
  return own === undefined;
}

/** blocking returns the objects that must not be moved at the moment. */
export function blocking(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(({ metadata }) => BLOCK_MOVE in (metadata.annotations ?? {}));
}

/** leaving returns the objects that are being deleted. */
export function leaving(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
}

/** someOf lists a few of the objects for a message: `Machine a, Machine b and 7 more`. */
export function someOf(objects: readonly KubeObject[]): string {
  const named = objects.slice(0, NAMED).map(titleOf).join(', ');
  return objects.length > NAMED ? `${named} and ${objects.length - NAMED} more` : named;
}

/** standstillWait returns what keeps a fenced source from being fully paused; undefined if nothing does. */
export function standstillWait(
  objects: readonly KubeObject[],
  kinds: ReadonlySet<string>,
): { readonly reason: PivotReadyReason; readonly message: string } | undefined {
  const blocked = blocking(objects);
  if (blocked.length > 0) {
    return {
      reason: 'MoveBlocked',
      message: `Waiting for the provider to finish an operation that must not be interrupted (annotation ${BLOCK_MOVE}) on ${someOf(blocked)}`,
    };
  }
  const busy = moving(objects, kinds);
  return busy.length === 0
    ? undefined
    : {
        reason: 'WaitingForPause',
        message: `Waiting for the controllers to report Paused on ${someOf(busy)}: check that their provider is running`,
      };
}
