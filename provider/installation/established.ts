import { setTimeout as sleep } from 'node:timers/promises';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { CRD } from '../core/installation/provider-copy.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { eachOf } from './each-of.ts';

const LOOKS = 20;
const BETWEEN_MS = 100;

/**
 * untilEstablished waits a moment until the API server serves new CRDs, which it does in well under a
 * second, and names those that it does not serve yet. Other objects are let through.
 */
export async function untilEstablished(
  api: KubeApi,
  objects: readonly KubeObject[],
): Promise<readonly string[]> {
  let open = objects.filter((object) => object.kind === CRD.kind && !isTrue(object, 'Established'));
  for (let look = 0; open.length > 0 && look < LOOKS; look += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
    await sleep(BETWEEN_MS);
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const found = await eachOf(open, async (crd) => (await api.get(refOf(crd))) ?? crd);
    open = found.filter((crd) => !isTrue(crd, 'Established'));
  }
  return open.map(({ metadata }) => metadata.name ?? '');
}
