import { isTrue } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { messageOf } from '../../../lib/errors.ts';
import { doneWith } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { inventoryOf } from '../../core/teardown/inventory.ts';
import { withUnproved } from '../../core/teardown/journal.ts';
import type { Subject } from '../../core/teardown/subject.ts';
import { UNREACHABLE_MS } from '../../core/teardown/unreachable.ts';
import type { HandoverState } from '../handover-state.ts';
import type { Pass } from '../pass.ts';
import { inTime } from '../workload.ts';

/** What is asked for, and how it is called in a sentence. */
const ORDERED = [
  { kind: 'Service', words: 'load balancers' },
  { kind: 'PersistentVolume', words: 'volumes' },
] as const;

/**
 * What the cluster has ordered from its cloud by itself is known to nobody else, and Cluster API removes
 * none of it. It is read before the cluster goes. A cluster that is taken back is asked until it counts
 * as dead; one that never left is asked once, because it may never have come up.
 */
export const takeInventory: Step<Pass, HandoverState, HandoverState> = {
  name: 'List load balancers and volumes',
  async run(pass, state) {
    const { journal, subject } = pass;
    if (journal.current.inventory !== undefined || !hasStarted(subject)) return doneWith(state);
    const answers = await ask(pass);
    const failures = answers.flatMap(({ failure }) => failure ?? []);
    const gaveUp = subject.forced || journal.current.unreachableMs >= UNREACHABLE_MS;
    if (failures.length > 0 && state.forward === 'HandedOver' && !gaveUp) return doneWith(state);
    const [services = [], volumes = []] = answers.map(({ items }) => items);
    const inventory = inventoryOf(services, volumes);
    journal.note((one) => ({ ...failures.reduce(withUnproved, one), inventory }));
    tell(pass, [...inventory.loadBalancers, ...inventory.volumes]);
    return doneWith(state);
  },
};

/** Before its control plane came up a cluster can't have ordered anything. */
function hasStarted({ composite }: Subject): boolean {
  return isTrue(composite, 'ControlPlaneInitialized');
}

interface Answer {
  readonly items: readonly KubeObject[];
  /** A sentence: what could not be found out. */
  readonly failure?: string;
}

function ask({ deps, subject }: Pass): Promise<readonly Answer[]> {
  const { namespace } = subject.cluster;
  const workload = deps.workload({ namespace, ...subject.kubeconfig });
  return Promise.all(
    ORDERED.map(async ({ kind, words }) => {
      try {
        return await inTime(workload.then((api) => api.list({ apiVersion: 'v1', kind })));
      } catch (error) {
        const failure = `Which ${words} the cluster had ordered: the cluster could not be queried (${messageOf(error)})`;
        return { items: [], failure };
      }
    }),
  );
}

function tell({ deps, subject }: Pass, found: readonly string[]): void {
  if (found.length === 0) return;
  deps.events.event(
    subject.composite,
    'Warning',
    'LeftInTheCloud',
    `Cluster API does not remove load balancers and volumes that the cluster ordered itself; check whether they still exist in your cloud: ${found.join('; ')}`,
  );
}
