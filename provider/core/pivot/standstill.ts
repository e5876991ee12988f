import type { PivotReadyReason } from '../../../lib/apis/reasons/pivot-ready.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { isClusterApi, titleOf } from './identity.ts';
import { typeKey } from './move-types.ts';

/** Providers set it while an operation must not be cut off (Cluster API contract, clusterctl.md "block-move"). */
const BLOCK_MOVE = 'clusterctl.cluster.x-k8s.io/block-move';

/** How many objects a sentence names. */
const NAMED = 3;

/** pausingKinds are the kinds that report `Paused`: any object of them has the condition. */
export function pausingKinds(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(
    objects.filter((object) => conditionOf(object, 'Paused') !== undefined).map(typeKey),
  );
}

/**
 * moving are the objects whose controller has not yet said that it stands still: `Paused` is not True, or
 * speaks of an older generation (CAPI v1.14 util/paused). An object that does not say anything counts
 * when others of its kind do.
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
 * A MachineHealthCheck that has no remediation of its own only judges: those who act on its word are
 * waited for. Its controller looks at it once in 15 s (CAPI v1.14, machinehealthcheck_controller.go,
 * `WithRateLimitInterval`), and the cluster would stand still for as long (docs/decisions/0013).
 */
function onlyJudges(object: KubeObject): boolean {
  if (object.kind !== 'MachineHealthCheck' || !isClusterApi(object)) return false;
  const spec = recordIn(object, 'spec');
  const own = recordIn(spec, 'remediation')?.['templateRef'] ?? spec?.['remediationTemplate'];
  return own === undefined;
}

/** blocking are the objects that must not be moved right now. */
export function blocking(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(({ metadata }) => BLOCK_MOVE in (metadata.annotations ?? {}));
}

/** leaving are the objects that somebody has deleted and that are not gone yet. */
export function leaving(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
}

/** someOf names a few of the objects for a sentence: `Machine a, Machine b and 7 more`. */
export function someOf(objects: readonly KubeObject[]): string {
  const named = objects.slice(0, NAMED).map(titleOf).join(', ');
  return objects.length > NAMED ? `${named} and ${objects.length - NAMED} more` : named;
}

/** standstillWait is the sentence for what keeps a fenced source from standing still; undefined when nothing does. */
export function standstillWait(
  objects: readonly KubeObject[],
  kinds: ReadonlySet<string>,
): { readonly reason: PivotReadyReason; readonly message: string } | undefined {
  const blocked = blocking(objects);
  if (blocked.length > 0) {
    return {
      reason: 'MoveBlocked',
      message: `Waiting for the provider to end what must not be cut off (annotation ${BLOCK_MOVE}) on ${someOf(blocked)}`,
    };
  }
  const busy = moving(objects, kinds);
  return busy.length === 0
    ? undefined
    : {
        reason: 'WaitingForPause',
        message: `Waiting for the controllers to report Paused on ${someOf(busy)}: check that their provider runs`,
      };
}
