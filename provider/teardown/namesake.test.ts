import { describe, expect, it } from '@jest/globals';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { newJournal } from '../core/teardown/journal.ts';
import { ownReportName } from '../core/teardown/report.ts';
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

/** ConfigMaps of a user who knows the names of our reports, with a journal that says that nothing is left. */
async function squat(teardown: FakeTeardown, names: readonly string[]): Promise<void> {
  const { uid = '' } = (await teardown.composite())?.metadata ?? {};
  const journal = JSON.stringify({ ...newJournal(uid, 'then'), gone: [{ kind: 'Machine' }] });
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- two objects
    await teardown.world.management.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: NAMESPACE },
      data: { report: 'mine', journal },
    });
  }
}

async function ownName(teardown: FakeTeardown): Promise<string> {
  const { uid = '' } = (await teardown.composite())?.metadata ?? {};
  return ownReportName('demo', uid);
}

describe('a ConfigMap of a user with the name of the report', () => {
  it('is neither changed nor believed: the report gets a name that nobody chose', async () => {
    const teardown = new FakeTeardown();
    await teardown.begin('SelfManaged');
    const own = await ownName(teardown);
    await squat(teardown, [REPORT]);

    expect(await teardown.run()).toBe(true);
    expect(reportOf(teardown, REPORT)).toBe('mine');
    expect(reportOf(teardown, own)).toContain('Teardown of ');
  });

  it('that has the other name too stops the teardown with the reason NameTaken', async () => {
    const teardown = new FakeTeardown();
    await teardown.begin('SelfManaged');
    const own = await ownName(teardown);
    await squat(teardown, [REPORT, own]);

    await expect(teardown.run()).rejects.toThrow('cannot write the report');
    expect([reportOf(teardown, REPORT), reportOf(teardown, own)]).toEqual(['mine', 'mine']);
    const composite = await teardown.composite();
    expect(conditionOf(composite, 'Operational')).toMatchObject({
      reason: 'NameTaken',
      message: expect.stringContaining(`ConfigMap ${NAMESPACE}/${own} already exists`),
    });
  });
});
