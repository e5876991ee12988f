import type { KubeObject } from '../../../lib/core/object.ts';
import { messageOf } from '../../../lib/errors.ts';
import { doneWith } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { inventoryOf } from '../../core/teardown/inventory.ts';
import { withUnproved } from '../../core/teardown/journal.ts';
import { hasStarted } from '../../core/teardown/subject.ts';
import { UNREACHABLE_MS } from '../../core/teardown/unreachable.ts';
import type { HandoverState } from '../handover-state.ts';
import type { Pass } from '../pass.ts';
import { inTime } from '../workload.ts';

/** The kinds to list, and their names in messages. */
const ORDERED = [
  { kind: 'Service', words: 'load balancers' },
  { kind: 'PersistentVolume', words: 'volumes' },
] as const;

/**
 * Only the cluster knows what it ordered from its cloud, and Cluster API does not remove it. So it is
 * listed before the cluster is deleted. A cluster that is taken back is queried until it counts as dead;
 * one that was never handed over has just answered, or is dead.
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

interface Answer {
  readonly items: readonly KubeObject[];
  /** Message about what could not be determined. */
  readonly failure?: string;
}

function ask({ deps, subject }: Pass): Promise<readonly Answer[]> {
  const { namespace } = subject.cluster;
  const workload = deps.workload({
    namespace,
    ...subject.kubeconfig,
    cluster: subject.cluster.name,
  });
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
