import { conditionOf, isFresh, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';

type Judge = (object: KubeObject) => string | undefined;

/** Readiness by kind; any other kind is ready when it exists. */
const JUDGES: Readonly<Record<string, Judge>> = {
  Deployment: (object) =>
    isFresh(object) && isTrue(object, 'Available') && all(object, 'updatedReplicas', 'replicas')
      ? undefined
      : 'to be available',
  DaemonSet: (object) =>
    isFresh(object) &&
    all(object, 'numberAvailable', 'desiredNumberScheduled') &&
    all(object, 'updatedNumberScheduled', 'desiredNumberScheduled')
      ? undefined
      : 'to run on all desired nodes',
  StatefulSet: (object) =>
    isFresh(object) &&
    all(object, 'readyReplicas', 'replicas') &&
    all(object, 'updatedReplicas', 'replicas')
      ? undefined
      : 'to have all replicas ready',
  Job: (object) => {
    if (isTrue(object, 'Complete')) return undefined;
    const failed = conditionOf(object, 'Failed');
    return failed?.status === 'True'
      ? `to succeed: it failed (${failed.reason ?? ''})`
      : 'to finish';
  },
  CustomResourceDefinition: condition('Established', 'to be established'),
  APIService: condition('Available', 'to be available'),
};

/**
 * unready is the end of "Waiting for …" for an installed object, or undefined when it is ready (the rules
 * of `kubectl rollout status`, kubernetes v1.36 polymorphichelpers).
 */
export function unready(object: KubeObject): string | undefined {
  const why = JUDGES[object.kind]?.(object);
  if (why === undefined) return undefined;
  const { namespace, name = '' } = object.metadata;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`} ${why}`;
}

function condition(type: string, why: string): Judge {
  return (object) => (isTrue(object, type) ? undefined : why);
}

/** A missing count is zero: Go omits zeros. */
function all(object: KubeObject, count: string, of: string): boolean {
  const status = recordIn(object, 'status');
  const [have, want] = [status?.[count] ?? 0, status?.[of] ?? 0];
  return typeof have === 'number' && typeof want === 'number' && have >= want;
}
