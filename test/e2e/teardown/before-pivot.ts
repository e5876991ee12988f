import { describe, expect, it } from '@jest/globals';
import { isTrue } from '../../../lib/core/conditions.ts';
import { recordIn } from '../../../lib/core/object.ts';
import type { DeleteOptions } from '../../../lib/kube/api.ts';
import { atOnce } from '../at-once.ts';
import { eventually } from '../world.ts';
import {
  api,
  begin,
  clusterRef,
  compositeRef,
  gone,
  leftIn,
  refOf,
  reportRef,
  type Subject,
} from './subjects.ts';

type Policy = NonNullable<DeleteOptions['propagationPolicy']>;

interface Case extends Subject {
  readonly policy: Policy;
  /** How far the cluster got before it is deleted. */
  readonly when: 'composed' | 'operational';
  /** The composite is deleted instead of the claim. */
  readonly composite?: boolean;
}

const CASES: readonly Case[] = [
  { name: 'td-nb', flavour: 'composite', policy: 'Background', when: 'composed' },
  { name: 'td-nf', flavour: 'composite', policy: 'Foreground', when: 'composed' },
  { name: 'td-cf', flavour: 'claim', policy: 'Background', when: 'composed' },
  { name: 'td-nbo', flavour: 'composite', policy: 'Background', when: 'operational' },
  { name: 'td-nfo', flavour: 'composite', policy: 'Foreground', when: 'operational' },
  { name: 'td-noo', flavour: 'composite', policy: 'Orphan', when: 'operational' },
  { name: 'td-cfo', flavour: 'claim', policy: 'Foreground', when: 'operational' },
];

/** Clusters that were never handed over, deleted in every way that there is. */
export function beforePivot(): void {
  describe('a cluster that was not handed over', () => {
    const end = atOnce(CASES, nothingIsLeft);

    it.each(CASES)('$flavour, $when, deleted in the $policy: nothing is left', async (one) => {
      await expect(end(one)).resolves.toBeUndefined();
    });
  });
}

async function nothingIsLeft(one: Case): Promise<void> {
  await begin(one);
  const composite = await compositeRef(one);
  await eventually(api, clusterRef(one), 'to be composed');
  if (one.when === 'operational') {
    await eventually(api, composite, 'to be operational', (object) =>
      isTrue(object, 'ControlPlaneInitialized'),
    );
  }
  await api.delete(refOf(one), { propagationPolicy: one.policy });
  await gone(composite);
  await gone(refOf(one));
  expect(await leftIn(one.name)).toEqual([`ConfigMap ${one.name}-teardown`]);
  const report = await api.get(reportRef(one));
  console.log(String(recordIn(report, 'data')?.['report']));
  expect(report?.metadata.annotations).toHaveProperty(['managedcluster.io/expires']);
}
