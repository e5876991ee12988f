import { describe, expect, it } from '@jest/globals';
import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/object.ts';
import { CLUSTER_NAME, NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeTeardown, type Stage, type Wish } from '../../test/fake/teardown.ts';

const REPORT = 'ConfigMap demo-teardown';

const REF = { ...X_MANAGED_CLUSTER, name: CLUSTER_NAME };
const CORE = 'composite.apiextensions.crossplane.io';

/** Crossplane releases the composite after one pass has seen it; then another one may be created. */
async function deleted(stage: Stage, wish: Wish, again = false): Promise<FakeTeardown> {
  const teardown = new FakeTeardown();
  const { management } = teardown.world;
  await teardown.begin(stage, { ...wish, keep: true });
  await management.patch(REF, { metadata: { finalizers: [CORE] } });
  await management.delete(REF);
  const round = teardown.rounds();
  await round();
  await management.patch(REF, { metadata: { finalizers: [] } });
  if (again) await management.create({ ...X_MANAGED_CLUSTER, metadata: { name: CLUSTER_NAME } });
  for (let rounds = 0; rounds < 50; rounds += 1) {
    // oxlint-disable-next-line no-await-in-loop -- sequential on purpose
    await round();
  }
  return teardown;
}

function titles({ world }: FakeTeardown): readonly string[] {
  return world.management.all(NAMESPACE).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

function reportOf({ world }: FakeTeardown): string {
  const map = world.management
    .all(NAMESPACE)
    .find(({ kind, metadata }) => `${kind} ${metadata.name}` === REPORT);
  return String(recordIn(map, 'data')?.['report']);
}

describe('a composite that was deleted before it had our finalizer', () => {
  it.each<Stage>(['BeforePivot', 'BeforeCommit'])(
    '%s: its cluster is removed after it disappeared',
    async (stage) => {
      const teardown = await deleted(stage, {});

      expect(await teardown.composite()).toBeUndefined();
      expect(titles(teardown)).toEqual([REPORT]);
      expect(teardown.order.at(-1)).toBe('Cluster');
      expect(reportOf(teardown)).toContain('Ended');
    },
  );

  it('releases its cluster if requested', async () => {
    const teardown = await deleted('BeforePivot', { spec: { deletionPolicy: 'Orphan' } });

    expect(titles(teardown)).toContain('Cluster demo');
    expect(teardown.order).toEqual([]);
    expect(reportOf(teardown)).toContain('Ended');
  });

  it('does nothing if it was paused', async () => {
    const annotations = { 'crossplane.io/paused': 'true' };
    const teardown = await deleted('BeforePivot', { annotations });

    expect(titles(teardown)).toContain('Cluster demo');
    expect(titles(teardown)).not.toContain(REPORT);
  });

  it('does not prevent the next one of its name from getting its finalizer', async () => {
    const teardown = await deleted('BeforePivot', {}, true);

    expect((await teardown.composite())?.metadata.finalizers).toEqual([TEARDOWN_FINALIZER]);
    expect(titles(teardown)).toEqual([REPORT]);
  });
});
