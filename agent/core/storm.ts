import { CONTROL_PLANE_LABEL } from '../../capi/labels.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';

/** Fraction of all workers above which remediation stops; also the default of a pool. */
const STORM = 0.4;

/**
 * isStorm reports whether so many workers have lost their Node at the same time that replacing them would
 * not help, as in an outage of network, registry or power. A single broken machine is never a storm, and a
 * machine that is being deleted is not broken, because a roll-out removes Nodes too.
 */
export function isStorm(machines: readonly KubeObject[]): boolean {
  const workers = machines.filter(
    ({ metadata }) => !isControlPlane(metadata.labels) && metadata.deletionTimestamp === undefined,
  );
  const broken = workers.filter(isBroken).length;
  return broken > 1 && broken > workers.length * STORM;
}

/** Only a machine that had a Node counts; a starting machine has its own timeout. */
function isBroken(machine: KubeObject): boolean {
  const wasNode = recordIn(recordIn(machine, 'status'), 'nodeRef') !== undefined;
  const status = conditionOf(machine, 'NodeReady')?.status;
  return wasNode && status !== undefined && status !== 'True';
}

function isControlPlane(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels !== undefined && Object.hasOwn(labels, CONTROL_PLANE_LABEL);
}
