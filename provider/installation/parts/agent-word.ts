import { relayed } from '../../../lib/apis/reasons/reason-list.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import type { Part, PartName, PartOutcome, Scope } from '../part.ts';

/** agentConnected waits until the agent reports its status. */
export const agentConnected: Part = agentWord('AgentConnected', 'Waiting for the agent to report');

/** nodeLayersReady waits until the agent has installed what nodes need (CNI, CSI, cloud controller). */
export const nodeLayersReady: Part = agentWord(
  'NodeLayersReady',
  'Waiting for the agent to install the layers that nodes need',
);

type Word = Extract<PartName, 'AgentConnected' | 'NodeLayersReady'>;

function agentWord(name: Word, what: string): Part {
  return {
    name,
    needs: ['Agent'],
    run({ plan, namespace, cluster }: Scope): Promise<PartOutcome> {
      return Promise.resolve(
        plan === undefined
          ? wait('WaitingForPlan', `Waiting for ClusterPlan ${namespace}/${cluster} to exist`)
          : word(conditionOf(plan, name), name, what),
      );
    },
  };
}

function word(condition: ReturnType<typeof conditionOf>, name: Word, what: string): PartOutcome {
  if (condition?.status === 'True') return doneWith({});
  return wait(relayed(condition) ?? `WaitingFor${name}`, condition?.message ?? what);
}
