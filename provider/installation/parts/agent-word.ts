import { conditionOf } from '../../../lib/core/conditions.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import type { Part, PartName, PartOutcome, Scope } from '../part.ts';

/** agentConnected: the agent reports. */
export const agentConnected: Part = agentWord('AgentConnected', 'the agent to report');

/** nodeLayersReady: what nodes need (CNI, CSI, cloud controller) is installed by the agent. */
export const nodeLayersReady: Part = agentWord(
  'NodeLayersReady',
  'the agent to install the layers that nodes need',
);

function agentWord(
  name: Extract<PartName, 'AgentConnected' | 'NodeLayersReady'>,
  what: string,
): Part {
  return {
    name,
    needs: ['Agent'],
    run({ plan, namespace, cluster }: Scope): Promise<PartOutcome> {
      return Promise.resolve(
        plan === undefined
          ? wait('WaitingForPlan', `ClusterPlan ${namespace}/${cluster} to be there`)
          : word(conditionOf(plan, name), name, what),
      );
    },
  };
}

function word(condition: ReturnType<typeof conditionOf>, name: string, what: string): PartOutcome {
  if (condition?.status === 'True') return doneWith({});
  return wait(condition?.reason ?? `WaitingFor${name}`, condition?.message ?? what);
}
