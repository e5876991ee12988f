import { describe, expect, it } from '@jest/globals';
import { recordIn } from '../../lib/core/object.ts';
import { patched } from '../testing/objects.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from './composed-names.ts';
import { decide } from './decide.ts';

const ACCESS = { agent: { kubeconfigSecretRef: { name: 'demo-access', key: 'value' } } };

function adopting(): Scene {
  return aScene().spec({ ...ACCESS, adoptFrom: 'old' });
}

/** The Pivot as composed, and as the provider leaves it. */
function committed(scene: Scene): Scene {
  const pivot = decide(scene.observed).desired[PIVOT];
  if (pivot === undefined) throw new Error('no Pivot is composed');
  const conditions = [{ type: 'Committed', status: 'True' }];
  return scene.with(PIVOT, patched(pivot, { status: { epoch: 8, conditions } }));
}

describe('a claim that adopts a cluster', () => {
  it('composes the Pivot that adopts it, and nothing that could create or change a machine', () => {
    const { desired, status, conditions } = decide(adopting().observed);
    expect(Object.keys(desired)).toEqual([PIVOT]);
    expect(desired[PIVOT]?.['spec']).toMatchObject({
      adoptFrom: 'old',
      direction: 'ToWorkload',
      kubeconfigSecretRef: ACCESS.agent.kubeconfigSecretRef,
    });
    expect(status).toMatchObject({ phase: 'Pivoting', owner: 'Workload' });
    const pivoted = conditions.find(({ type }) => type === 'Pivoted');
    expect(pivoted).toMatchObject({ status: 'False' });
  });

  it('composes plan and AgentInstallation after the commit, with the epoch of the adoption', () => {
    const { desired, status } = decide(committed(adopting()).observed);
    expect(Object.keys(desired).toSorted()).toEqual(
      [CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT].toSorted(),
    );
    expect(desired[CLUSTER_PLAN]?.['spec']).toMatchObject({ epoch: 8, handedOver: true });
    expect(status).toMatchObject({
      phase: 'SelfManaged',
      owner: 'Workload',
      kubeconfigSecretRef: { name: 'demo-access' },
    });
  });

  it('has the plan of the same claim that created its cluster: the agent sees no difference', () => {
    const { desired } = decide(committed(adopting()).observed);
    const created = decide(committed(aScene('Pivoting').spec(ACCESS)).observed);
    const plans = [desired, created.desired].map((all) => recordIn(all[CLUSTER_PLAN], 'spec'));
    expect(plans[0]).toEqual(plans[1]);
  });

  it('is refused without the kubeconfig of the cluster, also where no schema is looked at', () => {
    const { desired, conditions } = decide(aScene().spec({ adoptFrom: 'old' }).observed);
    expect(desired).toEqual({});
    expect(conditions.find(({ type }) => type === 'Accepted')).toMatchObject({
      status: 'False',
      message: expect.stringContaining('spec.adoptFrom needs spec.agent.kubeconfigSecretRef'),
    });
  });
});
