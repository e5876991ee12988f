import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AGENT_INSTALLATION, PIVOT } from '../../lib/apis/kinds.ts';
import { ELSEWHERE_ANNOTATION } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn } from '../../lib/core/object.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeTeardown } from '../../test/fake/teardown.ts';
import { agentIdentity, AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';

const MINUTE = 60_000;
const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' } as const;

/** A cluster whose API server cannot be reached, checked every 30 s for a number of minutes. */
async function cutFor(minutes: number, beats: boolean, isElsewhere = false): Promise<FakeTeardown> {
  const teardown = new FakeTeardown();
  await teardown.begin('SelfManaged');
  const { management } = teardown.world;
  const composite = (await teardown.composite())?.metadata.uid;
  const name = agentIdentity({ namespace: NAMESPACE, name: 'demo', composite });
  const named = { namespace: AGENTS_NAMESPACE, name };
  await management.create({ ...LEASE, metadata: named, spec: { renewTime: '0' } });
  if (isElsewhere) {
    const metadata = { annotations: { [ELSEWHERE_ANNOTATION]: 'true' } };
    await management.patch(
      { ...AGENT_INSTALLATION, namespace: NAMESPACE, name: 'demo' },
      { metadata },
    );
  }
  teardown.dead = true;
  const clock = jest.spyOn(performance, 'now');
  const passOn = teardown.passes();
  for (let half = 0; half <= minutes * 2; half += 1) {
    clock.mockReturnValue(half * (MINUTE / 2));
    // oxlint-disable-next-line no-await-in-loop -- passes are sequential
    if (beats) await management.patch({ ...LEASE, ...named }, { spec: { renewTime: `${half}` } });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await passOn();
  }
  return teardown;
}

async function sourceOf({ world }: FakeTeardown): Promise<unknown> {
  const back = await world.management.get({ ...PIVOT, namespace: NAMESPACE, name: 'demo-back' });
  return recordIn(back, 'spec')?.['source'] ?? 'Cluster';
}

describe('a cluster that cannot be reached', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    { reason: 'silent for nine minutes', minutes: 9, beats: false, source: 'Cluster' },
    { reason: 'silent for eleven minutes', minutes: 11, beats: false, source: 'Escrow' },
    { reason: 'whose agent is heard for an hour', minutes: 60, beats: true, source: 'Cluster' },
  ])('$reason is taken back from: $source', async ({ minutes, beats, source }) => {
    expect(await sourceOf(await cutFor(minutes, beats))).toBe(source);
  });

  it('and belongs to another management side, is never taken for dead', async () => {
    const teardown = await cutFor(60, false, true);
    expect(await sourceOf(teardown)).toBe('Cluster');
    expect(conditionOf(await teardown.composite(), 'Operational')?.message).toContain(
      'belonged to another management side when it last did: set spec.deletionPolicy to Orphan',
    );
  });

  it('reports that its agent is alive, and what to do', async () => {
    const composite = await (await cutFor(1, true)).composite();

    expect(conditionOf(composite, 'Operational')).toMatchObject({ reason: 'TakingClusterBack' });
    expect(conditionOf(composite, 'Operational')?.message).toContain('its agent renews Lease');
  });
});
