import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureBinaries } from '@managed-cluster/toolchain';
import { titleOf } from '../../agent/core/inventory.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { recordIn } from '../../lib/core/object.ts';
import { cleanUp } from './agent/clean-up.ts';
import {
  CHART_SPACE,
  CHART_STRANGER,
  chartLayer,
  CLAIM,
  CRD,
  dataLayer,
  freeClaim,
  KEEPSAKE,
  left,
  messageIn,
  OWN,
  SAID,
  SPACE,
  STRANGER,
  strangers,
} from './agent/data.ts';
import { planFor } from './agent/plans.ts';
import type { Rig } from './agent/rig.ts';
import {
  gone,
  map,
  NAME,
  NAMESPACE,
  phases,
  PLAN,
  planLayers,
  setUpAgent,
} from './agent/subject.ts';
import { eventually, management, workload } from './world.ts';

const DATA = [SPACE, CLAIM, CRD, STRANGER, KEEPSAKE];
const CHART_MAP = map('chart-data', 'hello-ns');
const EVERYTHING = { prune: 'Everything' } as const;

let rig: Rig;

beforeAll(async () => {
  const { helm } = await ensureBinaries(['helm']);
  rig = await setUpAgent(helm);
  const layers = [dataLayer(), chartLayer(CHART_SPACE.name)];
  await management().create(planFor(NAMESPACE, NAME, { layers }));
  rig.start();
  await installed();
  await strangers();
});

afterAll(async () => {
  await rig.stop('SIGKILL');
  await Promise.all([SPACE, CHART_SPACE, CRD, SAID].map((ref) => workload().delete(ref)));
  await freeClaim();
  await Promise.all([SPACE, CHART_SPACE, CRD].map(gone));
  await cleanUp(management(), workload(), NAMESPACE);
});

/** Both layers are there as the plan has them now; gives the message of the chart's. */
async function installed(): Promise<string> {
  const { metadata } = await eventually(management(), PLAN, 'to be there');
  const plan = await eventually(management(), PLAN, 'to report both layers', (object) => {
    const seen = recordIn(object, 'status')?.['observedGeneration'];
    const { data, 'chart-data': chart } = phases(object);
    return seen === metadata.generation && data === 'Ready' && chart === 'Ready';
  });
  return messageIn(plan, 'chart-data');
}

describe('a layer that says nothing of its end', () => {
  it('keeps a Namespace that its chart no longer has, says so, and takes it over again', async () => {
    await planLayers([dataLayer(), chartLayer('')]);
    expect(await installed()).toContain(`Namespace ${CHART_SPACE.name}`);
    expect(await left([CHART_SPACE, CHART_STRANGER])).toHaveLength(2);
    await planLayers([dataLayer(), chartLayer(CHART_SPACE.name)]);
    expect(await installed()).toBe('');
  });

  it('is removed without what data of others hangs on', async () => {
    await planLayers([]);
    await gone(OWN);
    await gone(CHART_MAP);
    const record = await eventually(
      workload(),
      map('layer-chart-data', AGENT_NAMESPACE),
      'to be all that is left of the layer',
      (object) => recordIn(object, 'data')?.['removed'] === 'true',
    );
    expect(recordIn(record, 'data')?.['kept']).toContain(CHART_SPACE.name);
    const all = [...DATA, SAID, CHART_SPACE, CHART_STRANGER];
    expect(await left(all)).toEqual(all);
    const space = await workload().get(SPACE);
    expect(space?.metadata.labels).not.toHaveProperty(['managedcluster.io/layer']);
    expect(space?.metadata.annotations).toMatchObject({ 'managedcluster.io/kept-from': 'data' });
    const log = readFileSync(rig.logFile, 'utf8');
    for (const ref of [SPACE, CLAIM, CRD, CHART_SPACE, SAID]) {
      expect(log).toContain(`"object":"${titleOf(ref)}"`);
    }
  });
});

describe('a layer that says prune: Everything', () => {
  it('takes over what was kept, and all of it goes with it, but for what says keep', async () => {
    await planLayers([dataLayer(EVERYTHING), chartLayer(CHART_SPACE.name, EVERYTHING)]);
    await installed();
    expect(await left(DATA)).toEqual(DATA);
    await planLayers([]);
    await freeClaim();
    await Promise.all([SPACE, CRD, CHART_SPACE].map(gone));
    expect(await left([...DATA, CHART_SPACE, CHART_STRANGER])).toEqual([]);
    expect(await left([SAID])).toEqual([SAID]);
  });
});
