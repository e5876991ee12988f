import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type KubeObject, recordIn } from '../../lib/core/object.ts';
import {
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  PIVOT,
  AGENT_INSTALLATION,
} from './composed-names.ts';
import { decide } from './decide.ts';
import { NAMESAKE } from './requirements.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { CREATED, patched, reporting } from '../testing/objects.ts';

const STRANGER: KubeObject = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { name: 'demo' },
};

/** Every way in which a claim can be refused. */
const REFUSALS: readonly {
  readonly reason: string;
  readonly refused: (scene: Scene) => Scene;
  readonly awaited: boolean;
}[] = [
  {
    reason: 'no shape',
    refused: (scene) => scene.spec({ kubernetes: { version: 1 } }),
    awaited: false,
  },
  {
    reason: 'no namespace',
    refused: (scene) => scene.composite({ metadata: { namespace: null } }),
    awaited: false,
  },
  {
    reason: 'no cloud',
    refused: (scene) => scene.spec({ cloud: { docker: null } }),
    awaited: false,
  },
  {
    reason: 'a mistake for expansion',
    refused: (scene) => scene.spec({ controlPlane: { machine: { type: 'x' } } }),
    awaited: false,
  },
  {
    reason: 'a profile that is missing',
    refused: (scene) => scene.spec({ profiles: [{ name: 'gone', version: '1.0.0' }] }),
    awaited: true,
  },
  {
    reason: 'a Secret that is missing',
    refused: (scene) => scene.spec({ ssh: { secretRef: { name: 'keys' } } }),
    awaited: true,
  },
  {
    reason: 'a name that is taken',
    refused: (scene) => scene.answer(NAMESAKE, STRANGER),
    awaited: true,
  },
];

describe.each(REFUSALS)('a claim that is refused: $reason', ({ refused, awaited }) => {
  it('still cuts the agent off when it is revoked, and changes nothing else', () => {
    const scene = refused(aScene('SelfManaged'));
    const revoked = refused(aScene('SelfManaged').spec({ agent: { revoked: true } }));
    const [before, after] = [scene, revoked].map(({ observed }) => decide(observed).desired);
    const { [AGENT_INSTALLATION]: held, ...others } = before ?? {};
    const { [AGENT_INSTALLATION]: cut, ...same } = after ?? {};

    expect(held?.['spec']).not.toHaveProperty('revoked');
    expect(cut).toEqual({ ...held, spec: { ...recordIn(held, 'spec'), revoked: true } });
    expect(same).toEqual(others);
  });

  it('desires nothing on creation, and is not ready', () => {
    const decision = decide(refused(aScene()).observed);

    expect(decision.desired).toEqual({});
    expect(decision.operational).toBe(false);
    expect(decision.conditions[0]).toMatchObject({ type: 'Accepted', status: 'False' });
    expect(decision.status).toMatchObject({ phase: 'Provisioning' });
    expect(decision.ttlSeconds).toBe(awaited ? 10 : 4000);
  });

  it.each(['Provisioning', 'InstallingAgent', 'Pivoting', 'SelfManaged'] as const)(
    'drops nothing and adds nothing in %s',
    (phase) => {
      const scene = refused(aScene(phase));
      const decision = decide(scene.observed);

      expect(Object.keys(decision.desired)).toEqual(Object.keys(scene.observed.composed));
      expect(decision.conditions[0]).toMatchObject({ type: 'Accepted', status: 'False' });
      expect(decision.status).toMatchObject({ phase });
    },
  );
});

describe('a resource of another step of the pipeline', () => {
  const foreign: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };

  it.each([
    ...REFUSALS,
    { reason: 'paused', refused: (scene: Scene) => scene.spec({ paused: true }) },
  ])('is left to that step: $reason', ({ refused }) => {
    const scene = refused(aScene('Pivoting')).with('other', foreign);

    expect(decide(scene.observed).desired).not.toHaveProperty('other');
  });
});

describe('paused', () => {
  const change: JsonObject = {
    paused: true,
    kubernetes: { version: 'v1.36.0' },
    agent: { tokenDays: 1 },
  };

  it('starts nothing', () => {
    expect(decide(aScene().spec(change).observed).desired).toEqual({});
  });

  it('changes nothing but the plan, from which the agent learns of it', () => {
    const scene = aScene('InstallingAgent');
    const { desired } = decide(scene.spec(change).observed);

    expect(Object.keys(desired).toSorted()).toEqual(
      Object.keys(scene.observed.composed).toSorted(),
    );
    expect(desired[CLUSTER_PLAN]?.['spec']).toMatchObject({ cluster: { paused: true } });
    expect(desired[CONTROL_PLANE]?.['spec']).toMatchObject({ version: 'v1.35.4' });
    expect(desired[AGENT_INSTALLATION]?.['spec']).toEqual({});
  });

  it('makes no plan where there is none', () => {
    const scene = aScene('InstallingAgent').without(CLUSTER_PLAN, AGENT_INSTALLATION);

    expect(decide(scene.spec(change).observed).desired).not.toHaveProperty(CLUSTER_PLAN);
  });
});

describe('a pivot', () => {
  const swapped = aScene('Pivoting').without(CLUSTER, CONTROL_PLANE);
  const anchored = patched(STRANGER, {
    metadata: { ownerReferences: [{ uid: 'anchor', controller: true }] },
  });

  it('does not take its own released Cluster for a stranger', () => {
    expect(decide(swapped.observed).requirements).not.toHaveProperty(NAMESAKE);
  });

  it('would be refused if it did, which is why it does not ask', () => {
    const [accepted] = decide(swapped.answer(NAMESAKE, anchored).observed).conditions;

    expect(accepted).toMatchObject({ status: 'False', reason: 'NameTaken' });
  });
});

/** A scene whose composite says that Crossplane drops its events, since the time of all scenes. */
function deaf(scene: Scene, since: JsonObject = { lastTransitionTime: CREATED }): Scene {
  const responsive = { type: 'Responsive', status: 'False', reason: 'WatchCircuitOpen' };
  return scene.composite({ status: { conditions: [{ ...responsive, ...since }] } });
}

describe('time to live', () => {
  const reported = {
    ControlPlaneReady: 'True',
    WorkersReady: 'True',
    AddOnsReady: 'True',
    AgentConnected: 'True',
  } as const;
  const installing = aScene('InstallingAgent');
  const operational = aScene('SelfManaged').change(CLUSTER_PLAN, (plan) =>
    reporting(plan, reported),
  );

  it.each([
    { reason: 'on the way: the circuit breaker may drop a change', scene: aScene(), want: 20 },
    { reason: 'the agent is being installed', scene: installing, want: 20 },
    {
      reason: 'Machines are not watched before Crossplane 2.4',
      scene: installing.change(AGENT_INSTALLATION, (agent) => reporting(agent, { Ready: 'True' })),
      want: 10,
    },
    { reason: 'pivoting', scene: aScene('Pivoting'), want: 20 },
    { reason: 'the agent has not reported', scene: aScene('SelfManaged'), want: 60 },
    { reason: 'operational', scene: operational, want: 4000 },
    {
      reason: 'the circuit breaker has just opened: events are dropped',
      scene: deaf(operational).at('2026-01-01T00:05:59Z'),
      want: 10,
    },
    {
      reason: 'it says open still, because nothing has come since that could close it',
      scene: deaf(operational).at('2026-01-01T00:06:01Z'),
      want: 4000,
    },
    {
      reason: 'a claim that is refused is at rest too, whatever the circuit breaker says',
      scene: deaf(operational.spec({ cloud: { docker: null } })).at('2026-01-02T00:00:00Z'),
      want: 4000,
    },
    {
      reason: 'an agent that is silent for long is not asked for more often',
      scene: deaf(aScene('SelfManaged')).at('2026-01-02T00:00:00Z'),
      want: 60,
    },
    {
      reason: 'it is unknown since when the circuit breaker is open',
      scene: deaf(operational, {}).at('2026-01-02T00:00:00Z'),
      want: 10,
    },
  ])('$reason: $want s', ({ scene, want }) => {
    expect(decide(scene.observed).ttlSeconds).toBe(want);
  });

  it('the composite is ready exactly when it is operational', () => {
    expect(decide(operational.observed).operational).toBe(true);
    expect(decide(aScene('SelfManaged').observed).operational).toBe(false);
    expect(decide(operational.observed).ready).toEqual(new Set([CLUSTER_PLAN, AGENT_INSTALLATION]));
    expect(
      decide(operational.change(PIVOT, (pivot) => reporting(pivot, { Ready: 'True' })).observed)
        .ready,
    ).toContain(PIVOT);
  });
});
