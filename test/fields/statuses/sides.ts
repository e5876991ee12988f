import { THIS_SIDE } from '../../../lib/apis/asked.ts';
import type { ManagementSideStatus } from '../../../lib/apis/management-side.generated.ts';
import { StatusError } from '../../../lib/kube/errors.ts';
import { gateController } from '../../../provider/forgotten/gate.ts';
import { depsOf } from '../../../provider/testing/forgotten-subject.ts';
import { FakeTeardown } from '../../fake/teardown.ts';

/** sideStatuses are the statuses of a management side whose cluster cannot be asked at first. */
export async function sideStatuses(): Promise<readonly ManagementSideStatus[]> {
  const scene = new FakeTeardown();
  await scene.begin('BeforePivot', { keep: true });
  const { management } = scene.world;
  const get = management.get.bind(management);
  const refusing: typeof get = (ref) =>
    ref.kind === 'Cluster' ? Promise.reject(new StatusError('get', 500, {})) : get(ref);
  const { reconciler } = gateController(depsOf(scene.world));
  const statuses: ManagementSideStatus[] = [];
  for (const read of [refusing, get]) {
    management.get = read;
    // oxlint-disable-next-line no-await-in-loop -- one pass after the other
    await reconciler.reconcile(
      { namespace: '', name: THIS_SIDE.name },
      new AbortController().signal,
    );
    // oxlint-disable-next-line no-await-in-loop -- see above
    const side = await get(THIS_SIDE);
    statuses.push(side?.['status'] ?? {});
  }
  return statuses;
}
