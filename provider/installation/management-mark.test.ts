import { describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../capi/kinds.ts';
import {
  ELSEWHERE_ANNOTATION,
  MANAGEMENT_ANNOTATION,
  OWNER_ANNOTATION,
} from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { installation, KEY, kubeSystem, subject } from '../testing/installation-subject.ts';

const ROOT = { ...CLUSTER, ...KEY };

function root(annotations: Readonly<Record<string, string>>): KubeObject {
  return { ...CLUSTER, metadata: { ...KEY, annotations } };
}

/** What an installation writes into a cluster with this Cluster, and what its part Target says. */
async function after(cluster: KubeObject) {
  const { state, pass, found } = subject(installation());
  state.workload = memorySide([kubeSystem('w'), cluster]);
  await pass();
  return { side: state.workload, status: JSON.stringify(found()?.['status']) };
}

describe('the management side of a cluster', () => {
  it('is written into its Cluster when the cluster manages itself', async () => {
    const { side } = await after(root({ [OWNER_ANNOTATION]: 'workload' }));
    expect(side.object(ROOT)?.metadata.annotations).toMatchObject({ [MANAGEMENT_ANNOTATION]: 'm' });
  });

  it('is not written into a Cluster that is fenced, or belongs to the management side', async () => {
    for (const owner of ['moving', 'management']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { side } = await after(root({ [OWNER_ANNOTATION]: owner }));
      expect(side.object(ROOT)?.metadata.annotations).not.toHaveProperty([MANAGEMENT_ANNOTATION]);
    }
  });

  it('writes nothing into a cluster that another one has adopted, and says so', async () => {
    const annotations = { [OWNER_ANNOTATION]: 'workload', [MANAGEMENT_ANNOTATION]: 'other' };
    const { side, status } = await after(root(annotations));
    expect(side.writes).toEqual([]);
    expect(status).toContain('ManagedElsewhere');
    expect(status).toContain('kube-system is other');
  });

  it('goes on with a cluster that is its own', async () => {
    const annotations = { [OWNER_ANNOTATION]: 'workload', [MANAGEMENT_ANNOTATION]: 'm' };
    const { side, status } = await after(root(annotations));
    expect(side.writes.length).toBeGreaterThan(0);
    expect(status).not.toContain('ManagedElsewhere');
  });
});

describe('an AgentInstallation', () => {
  it('remembers that its cluster belongs elsewhere, until the cluster says otherwise', async () => {
    const { state, pass, found } = subject(installation());
    function noted(): unknown {
      return found()?.metadata.annotations?.[ELSEWHERE_ANNOTATION];
    }
    const adopted = { [OWNER_ANNOTATION]: 'workload', [MANAGEMENT_ANNOTATION]: 'other' };
    state.workload = memorySide([kubeSystem('w'), root(adopted)]);
    await pass();
    expect(noted()).toBe('true');
    state.workload = memorySide([
      kubeSystem('w'),
      root({ ...adopted, [MANAGEMENT_ANNOTATION]: 'm' }),
    ]);
    await pass();
    expect(noted()).toBeUndefined();
  });
});
