import { describe, expect, it } from '@jest/globals';
import { decideLayers, REMOVAL, wantedLayer, type LayerFacts, type LayerState } from './layers.ts';
import { aLayer, ready, wanted } from '../testing/cluster-states.ts';

const [early, twin, late, addOn] = wanted(
  aLayer('early', { installPriority: 1 }),
  aLayer('twin', { installPriority: 1 }),
  aLayer('late', { installPriority: 2 }),
  aLayer('addon', { type: 'addon', installPriority: 0 }),
);
if (!early || !twin || !late || !addOn) throw new Error('no layers');
const ALL = [early, twin, late, addOn];
const WAITS: Partial<LayerState> = { waitingFor: 'Deployment a/b to be available' };

function decided(part: Partial<LayerFacts>): {
  readonly install: readonly string[];
  readonly repair: readonly string[];
  readonly remove: readonly string[];
  readonly phases: string;
} {
  const { install, repair, remove, reports } = decideLayers({
    ownership: 'Ours',
    paused: false,
    controlPlaneDone: true,
    wanted: ALL,
    states: [],
    ...part,
  });
  const phases = reports.map(({ phase }) => phase[0]).join('');
  const [installs, repairs] = [install, repair].map((ones) => ones.map(({ layer }) => layer.name));
  return { install: installs ?? [], repair: repairs ?? [], remove, phases };
}

describe('decideLayers', () => {
  it.each<{
    reason: string;
    part: Partial<LayerFacts>;
    install: readonly string[];
    phases: string;
  }>([
    {
      reason: 'equal priorities begin together',
      part: {},
      install: ['early', 'twin'],
      phases: 'IIPP',
    },
    {
      reason: 'the next waits for all of them',
      part: { states: [ready(early)] },
      install: ['twin'],
      phases: 'RIPP',
    },
    {
      reason: 'until they are ready, not only installed',
      part: { states: [ready(early), ready(twin, WAITS)] },
      install: [],
      phases: 'RIPP',
    },
    {
      reason: 'then it begins',
      part: { states: [ready(early), ready(twin)] },
      install: ['late'],
      phases: 'RRIP',
    },
    {
      reason: 'add-ons come last whatever their priority',
      part: { states: [early, twin, late].map((one) => ready(one)) },
      install: ['addon'],
      phases: 'RRRI',
    },
    {
      reason: 'add-ons wait for the pivot',
      part: { ownership: 'BeforePivot', states: [early, twin, late].map((one) => ready(one)) },
      install: [],
      phases: 'RRRP',
    },
    {
      reason: 'add-ons wait for the control plane',
      part: { controlPlaneDone: false, states: [early, twin, late].map((one) => ready(one)) },
      install: [],
      phases: 'RRRP',
    },
    {
      reason: 'layers stay as they are on the move',
      part: { ownership: 'Moving' },
      install: [],
      phases: 'IIPP',
    },
    {
      reason: 'and when the cluster was taken back',
      part: { ownership: 'TakenBack', states: [ready(early)] },
      install: [],
      phases: 'RIPP',
    },
    {
      reason: 'nothing changes while the plan is paused',
      part: { paused: true },
      install: [],
      phases: 'IIPP',
    },
    {
      reason: 'a changed layer is installed again',
      part: { states: [ready(early, { installed: 'old' }), ready(twin)] },
      install: ['early'],
      phases: 'IRPP',
    },
    {
      reason: 'one that failed is tried again',
      part: {
        states: [
          ready(early, { installed: undefined, failure: { hash: early.hash, message: 'no' } }),
          ready(twin),
        ],
      },
      install: ['early'],
      phases: 'FRPP',
    },
    {
      reason: 'a failure of another content is history',
      part: {
        states: [
          ready(early, { installed: undefined, failure: { hash: 'old', message: 'no' } }),
          ready(twin),
        ],
      },
      install: ['early'],
      phases: 'IRPP',
    },
  ])('$reason', ({ part, install, phases }) => {
    expect(decided(part)).toMatchObject({ install, phases });
  });

  it('removes what is no longer planned, once all the rest is ready', () => {
    const old = ready(early, { name: 'old' });
    expect(decided({ wanted: [late], states: [old] }).remove).toEqual([]);
    expect(decided({ wanted: [late], states: [old, ready(late)] }).remove).toEqual(['old']);
    expect(decided({ wanted: [], states: [old] }).remove).toEqual(['old']);
    expect(decided({ wanted: [], states: [old], ownership: 'Moving' }).remove).toEqual([]);
    expect(decided({ wanted: [], states: [old], ownership: 'TakenBack' }).remove).toEqual([]);
    expect(decided({ wanted: [], states: [old], paused: true }).remove).toEqual([]);
  });

  it('repairs what is installed as planned, of manifests, while it may write at all', () => {
    const chart = wantedLayer(
      {
        ...aLayer('chart', { installPriority: 1 }),
        helm: { chart: 'c', version: '1', namespace: 'n' },
      },
      {},
    );
    const all = [early, twin, late, chart];
    const states = [ready(early), ready(twin, WAITS), ready(late), ready(chart)];
    expect(decided({ wanted: all, states }).repair).toEqual(['early', 'twin']);
    expect(decided({ wanted: all, states, paused: true }).repair).toEqual([]);
    expect(decided({ wanted: all, states, ownership: 'Moving' }).repair).toEqual([]);
    const changed = [ready(early, { installed: 'old' }), ready(twin)];
    expect(decided({ wanted: all, states: changed }).repair).toEqual(['twin']);
  });

  it('reports the objects that a ready layer has released but not deleted', () => {
    const why = 'it says so';
    const kept = [{ apiVersion: 'v1', kind: 'Namespace', name: 'db', why }];
    const observation = {
      ownership: 'Ours',
      paused: false,
      controlPlaneDone: true,
      wanted: [late],
    } as const;
    const { reports } = decideLayers({ ...observation, states: [ready(late, { kept })] });
    expect(reports[0]).toMatchObject({
      phase: 'Ready',
      message: 'Kept objects that are no longer in the layer: Namespace db (it says so)',
    });
    expect(decideLayers({ ...observation, states: [ready(late)] }).reports[0]).not.toHaveProperty(
      'message',
    );
  });

  it('reports a layer that is no longer planned only when it cannot be removed', () => {
    const observation = {
      ownership: 'Ours',
      paused: false,
      controlPlaneDone: true,
      wanted: [late],
    } as const;
    const states = [
      ready(late),
      ready(early, { name: 'stuck', failure: { hash: REMOVAL, message: 'a webhook says no' } }),
      ready(early, { name: 'once', failure: { hash: 'old', message: 'no' } }),
      ready(early, { name: 'going' }),
    ];
    const { reports, remove } = decideLayers({ ...observation, states });
    expect(reports.map(({ name, phase, message }) => [name, phase, message])).toEqual([
      ['late', 'Ready', undefined],
      ['stuck', 'Failed', 'Removed from the plan, but its removal failed: a webhook says no'],
    ]);
    expect(remove).toEqual(['stuck', 'once', 'going']);
  });

  it('waits for a Secret and names it', () => {
    const layer = aLayer('s', {
      secretVariables: [{ name: 'pw', secretKeyRef: { name: 'db', key: 'password' } }],
    });
    const missing = wantedLayer(layer, {});
    expect(decided({ wanted: [missing] })).toMatchObject({ install: [], phases: 'P' });
    expect(missing.missing).toContain('Secret db with the key password');
    const [one, other] = [wantedLayer(layer, { pw: '1' }), wantedLayer(layer, { pw: '2' })];
    expect(one.missing).toBeUndefined();
    expect(one.hash).not.toBe(other.hash);
  });

  it('names content, not the profile that it comes from', () => {
    expect(wantedLayer(aLayer('a', { profile: 'p@2', installPriority: 7 }), {}).hash).toBe(
      wantedLayer(aLayer('a', { profile: 'p@1' }), {}).hash,
    );
    for (const part of [{ manifests: 'b: c' }, { prune: 'Everything' }] as const) {
      const other = wantedLayer(aLayer('a', part), {});
      expect(other.hash).not.toBe(wantedLayer(aLayer('a'), {}).hash);
    }
  });
});
