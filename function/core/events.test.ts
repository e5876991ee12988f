import { describe, expect, it } from '@jest/globals';
import { CLUSTER, CONTROL_PLANE } from './composed-names.ts';
import { decide } from './decide.ts';
import { aScene, fedBack, type Scene } from '../testing/scenes.ts';

function told({ observed }: Scene) {
  return decide(observed).events.map(({ severity, reason }) => `${severity} ${reason}`);
}

function after(scene: Scene): Scene {
  return fedBack(scene, decide(scene.observed));
}

const BAD = { controlPlane: { machine: { type: 'm6i.large' } } };
const refused = aScene().spec(BAD);

describe('events', () => {
  it.each<{ reason: string; scene: Scene; want: readonly string[] }>([
    { reason: 'the first call', scene: aScene(), want: ['Normal Provisioning'] },
    { reason: 'nothing new', scene: aScene('Provisioning'), want: [] },
    {
      reason: 'a gate opens',
      scene: aScene('InstallingAgent').status({ phase: 'Provisioning' }),
      want: ['Normal InstallingAgent'],
    },
    {
      reason: 'two gates at once, after the function was away',
      scene: aScene('Pivoting').status({ phase: 'Provisioning' }),
      want: ['Normal Pivoting'],
    },
    {
      reason: 'the commit',
      scene: aScene('SelfManaged').status({ phase: 'Pivoting' }),
      want: ['Normal SelfManaged'],
    },
    {
      reason: 'a claim that is refused from the start',
      scene: refused,
      want: ['Warning InvalidSpec'],
    },
    {
      reason: 'the same refusal again',
      scene: after(refused),
      want: [],
    },
    {
      reason: 'refused for another reason',
      scene: after(refused).spec({
        controlPlane: { machine: null },
        overrides: [{ kind: 'X', patch: {} }],
      }),
      want: ['Warning InvalidSpec'],
    },
    {
      reason: 'a refused claim is corrected before anything was created',
      scene: after(refused).spec({ controlPlane: { machine: null } }),
      want: ['Normal Accepted'],
    },
    {
      reason: 'a gate opens while a change is refused',
      scene: after(aScene('InstallingAgent').spec(BAD)).status({ phase: 'Provisioning' }),
      want: ['Normal InstallingAgent'],
    },
    {
      reason: 'a claim that can not be read',
      scene: aScene().composite({ spec: { kubernetes: null } }),
      want: ['Warning InvalidSpec'],
    },
  ])('$reason', ({ scene, want }) => {
    expect(told(scene)).toEqual(want);
  });

  it.each([
    aScene(),
    aScene('Provisioning'),
    aScene('InstallingAgent').status({ phase: 'Provisioning' }),
    aScene('Pivoting').status({ phase: 'InstallingAgent' }),
    aScene('Pivoting').without(CLUSTER, CONTROL_PLANE),
    aScene('SelfManaged').status({ phase: 'Pivoting' }),
    refused,
    aScene('Pivoting').spec(BAD),
    aScene('SelfManaged').composite({ spec: { cloud: null } }),
  ])('are not repeated when the response is fed back', (scene) => {
    expect(told(after(scene))).toEqual([]);
  });
});
