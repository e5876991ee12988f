import { decide, type Observation } from '../../../agent/core/decide.ts';
import { type Lineage, lineageIn } from '../../../agent/core/plan-lineage.ts';
import { CONNECTED, statusOf } from '../../../agent/core/status.ts';
import {
  aLayer,
  anInput,
  complete,
  observationOf,
  NOTHING,
  ready,
  THREE,
  wanted,
} from '../../../agent/testing/cluster-states.ts';
import { PlanHistory } from '../../../agent/testing/plan-history.ts';
import type { ClusterPlanStatus } from '../../../lib/apis/cluster-plan.generated.ts';

const LAYERS = wanted(
  ...['a', 'b', 'c'].map((name) => aLayer(name, { profile: 'base@1.0.0', installPriority: 1 })),
  aLayer('late', { installPriority: 2 }),
);

/** planStatuses are what an agent reports: in the middle of its work, done with it, and before there are machines. */
export function planStatuses(): readonly ClusterPlanStatus[] {
  const [installed, waiting, failed] = LAYERS.map((layer) => ready(layer));
  const input = anInput(THREE);
  const amid = [
    ...(installed === undefined ? [] : [installed]),
    ...(waiting === undefined ? [] : [{ ...waiting, waitingFor: 'Deployment a/b to be ready' }]),
    ...(failed === undefined
      ? []
      : [
          {
            ...failed,
            installed: undefined,
            failure: { hash: failed.installed ?? '', message: 'no such host' },
          },
        ]),
  ];
  return [
    observationOf(input, { layers: LAYERS, layerStates: amid, state: complete() }),
    observationOf(input, { state: complete() }),
    observationOf(input, { state: NOTHING }),
  ].flatMap(reported);
}

/** What the agent writes before it takes a changed plan. */
function offered(): Lineage | undefined {
  const history = new PlanHistory();
  history.settle();
  history.claim(2);
  history.pass();
  return lineageIn(history.plan.status);
}

/** As agent/session.ts has it written. */
function reported(observation: Observation): readonly ClusterPlanStatus[] {
  const { report } = decide(observation);
  const said = { ...report, conditions: [...report.conditions, CONNECTED] };
  const now = '2026-01-01T00:00:00Z';
  const speaker = { agentVersion: '1.0.0', observedGeneration: 1, now, lineage: offered() };
  const status = statusOf(undefined, said, speaker);
  return status === undefined ? [] : [status];
}
