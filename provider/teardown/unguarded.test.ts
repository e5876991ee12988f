import { describe, expect, it } from '@jest/globals';
import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { NAMESPACE } from '../../test/e2e/pivot/pretend/cluster.ts';
import { PretendTeardown } from '../../test/e2e/teardown/pretend.ts';

const COMPOSITE = { ...X_MANAGED_CLUSTER, name: 'demo' };

describe('a composite that was deleted before it had our finalizer', () => {
  it('may go before its cluster does, which is taken away in order all the same', async () => {
    const teardown = new PretendTeardown();
    await teardown.begin('BeforePivot', { keep: true });
    const { management } = teardown.world;
    await management.patch(COMPOSITE, { metadata: { finalizers: ['example.org/crossplane'] } });
    await teardown.deleteComposite();
    const letGo = setTimeout(() => {
      void management.patch(COMPOSITE, { metadata: { finalizers: [] } });
    });

    expect(await teardown.run({}, 40)).toBe(true);
    clearTimeout(letGo);
    expect(teardown.order.at(-1)).toBe('Cluster');
    expect(management.all(NAMESPACE).map(({ metadata }) => metadata.name)).toEqual([
      'demo-teardown',
    ]);
  });
});
