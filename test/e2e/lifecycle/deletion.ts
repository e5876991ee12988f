import { describe, expect, it } from '@jest/globals';
import { deleteClaim, leftovers, TEARDOWN_REPORT } from '@managed-cluster/testbed';
import { api, inside, NAMESPACE, refOf, theatreOf, type Subject } from './subject.ts';

/** A cluster that manages itself is taken back and deleted. */
export function deletion(subject: Subject, others: readonly RegExp[] = []): void {
  describe(`the deletion of the ${subject.flavour}`, () => {
    it('takes everything back and deletes it', async () => {
      await deleteClaim(theatreOf(subject));
      expect(await api.get(refOf(subject))).toBeUndefined();
    });

    it.each([
      { side: 'management side', server: api, traces: {} },
      { side: 'workload side', server: inside, traces: { namespace: NAMESPACE } },
    ])('leaves nothing on the $side', async ({ server, traces }) => {
      const except = [TEARDOWN_REPORT, new RegExp(`^Secret/${subject.name}-api$`), ...others];
      expect(await leftovers(server, { cluster: subject.name, except, ...traces })).toEqual([]);
    });
  });
}
