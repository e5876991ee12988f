import { relayed } from '../../../lib/apis/reasons/reason-list.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type PartReport, ready, waiting } from '../../core/installation/report.ts';
import type { Part, PartName, Scope } from '../part.ts';

/** agentConnected: the agent reports. */
export const agentConnected: Part = agentWord('AgentConnected', 'the agent to report');

/** nodeLayersReady: what nodes need (CNI, CSI, cloud controller) is installed by the agent. */
export const nodeLayersReady: Part = agentWord(
  'NodeLayersReady',
  'the agent to install the layers that nodes need',
);

type Word = Extract<PartName, 'AgentConnected' | 'NodeLayersReady'>;

function agentWord(name: Word, what: string): Part {
  return {
    name,
    needs: ['Agent'],
    ensure({ plan, namespace, cluster }: Scope): Promise<PartReport> {
      return Promise.resolve(
        plan === undefined
          ? waiting('WaitingForPlan', `ClusterPlan ${namespace}/${cluster} to be there`)
          : word(conditionOf(plan, name), name, what),
      );
    },
  };
}

function word(condition: ReturnType<typeof conditionOf>, name: Word, what: string): PartReport {
  if (condition?.status === 'True') return ready();
  return waiting(relayed(condition) ?? `WaitingFor${name}`, condition?.message ?? what);
}
