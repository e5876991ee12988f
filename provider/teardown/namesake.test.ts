import { describe, expect, it } from '@jest/globals';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeTeardown, type Stage } from '../../test/fake/teardown.ts';

const REPORT = 'demo-teardown';

function others({ world }: FakeTeardown): readonly KubeObject[] {
  return world.management.all(NAMESPACE).filter((object) => !isNews(object));
}

function isNews({ kind, metadata }: KubeObject): boolean {
  return kind === 'NamespacedManagedCluster' || (metadata.name?.startsWith(REPORT) ?? false);
}

function reportOf({ world }: FakeTeardown, name: string): string {
  const map = world.management.all(NAMESPACE).find(({ metadata }) => metadata.name === name);
  return String(recordIn(map, 'data')?.['report']);
}

describe('a second composite of the same name that is deleted', () => {
  it.each<Stage>(['BeforePivot', 'BeforeCommit', 'AfterCommit', 'SelfManaged'])(
    '%s: leaves the cluster of the first unchanged, and reports it',
    async (stage) => {
      const teardown = new FakeTeardown();
      await teardown.begin(stage, { keep: true });
      const before = others(teardown);

      expect(await teardown.runNamesake()).toBe(true);
      expect(others(teardown)).toEqual(before);
      expect(reportOf(teardown, REPORT)).toContain(
        `ClusterPlan ${NAMESPACE}/demo is kept: it was created for another object`,
      );
    },
  );

  it('does not write into the report of the first', async () => {
    const teardown = new FakeTeardown();
    await teardown.begin('SelfManaged');
    await teardown.run({ isDead: () => true });
    const before = reportOf(teardown, REPORT);

    expect(await teardown.runNamesake()).toBe(true);
    expect(reportOf(teardown, REPORT)).toBe(before);
    expect(await teardown.run()).toBe(true);
    expect(others(teardown)).toEqual([]);
  });
});
