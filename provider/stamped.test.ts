import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../lib/core/object.ts';
import { refOf } from '../lib/kube/addresses.ts';
import type { ApplyOptions, KubeApi } from '../lib/kube/api.ts';
import { isConflict } from '../lib/kube/errors.ts';
import { memorySide } from '../test/fake/memory-side.ts';
import { deleteStamped, ensureStamped, nameTakenIn } from './stamped.ts';

const STAMP = 'managedcluster.io/composite-uid';

function map(stamp: string | undefined, data: Readonly<Record<string, string>> = {}): KubeObject {
  const annotations = stamp === undefined ? {} : { [STAMP]: stamp };
  const metadata = { name: 'demo', namespace: 'team', uid: 'u', resourceVersion: '7', annotations };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

/** The object as it is wanted: without what the API server adds. */
function wanted(data: Readonly<Record<string, string>>): KubeObject {
  const { uid: _uid, resourceVersion: _version, ...metadata } = map('ours').metadata;
  return { ...map('ours', data), metadata };
}

/** An API server that does not show an object to the first read: somebody creates it right after. */
function late(api: KubeApi): KubeApi {
  let reads = 0;
  return {
    ...api,
    get: (ref) => {
      reads += 1;
      return reads === 1 ? Promise.resolve(undefined) : api.get(ref);
    },
  };
}

describe('ensureStamped', () => {
  it('writes nothing if the object is as wanted', async () => {
    const side = memorySide([map('ours', { a: '1' })]);
    await ensureStamped(side.api, wanted({ a: '1' }), 'us');
    expect(side.writes).toEqual([]);
  });

  it('changes exactly the object that it looked at', async () => {
    const side = memorySide([map('ours')]);
    const applied: unknown[] = [];
    const api: KubeApi = {
      ...side.api,
      apply: (object, options: ApplyOptions) => {
        applied.push(object.metadata.resourceVersion);
        return side.api.apply(object, options);
      },
    };
    await ensureStamped(api, wanted({ a: '1' }), 'us');
    expect([applied, side.writes]).toEqual([['7'], ['apply ConfigMap demo']]);
  });

  it.each([undefined, 'theirs'])('leaves one with the stamp %s alone', async (stamp) => {
    const side = memorySide([map(stamp)]);
    const failure = await ensureStamped(side.api, wanted({ a: '1' }), 'us').catch(
      (error: unknown) => error,
    );
    expect(nameTakenIn(failure)?.message).toContain('ConfigMap team/demo already exists');
    expect(side.writes).toEqual([]);
  });

  it('leaves one alone that somebody creates while it looks', async () => {
    const side = memorySide([map('theirs')]);
    const failure = await ensureStamped(late(side.api), wanted({}), 'us').catch(
      (error: unknown) => error,
    );
    expect(nameTakenIn(failure)).toBeDefined();
    expect(side.writes).toEqual([]);
  });

  it('is tried again when another replica was faster', async () => {
    const side = memorySide([map('ours')]);
    const failure = await ensureStamped(late(side.api), wanted({}), 'us').catch(
      (error: unknown) => error,
    );
    expect([nameTakenIn(failure), isConflict(failure)]).toEqual([undefined, true]);
  });
});

describe('deleteStamped', () => {
  it.each([
    { stamp: 'ours', left: false },
    { stamp: 'theirs', left: true },
    { stamp: undefined, left: true },
  ])('of an object with the stamp $stamp leaves it: $left', async ({ stamp, left }) => {
    const side = memorySide([map(stamp)]);
    await deleteStamped(side.api, wanted({}));
    expect(side.object(refOf(map(stamp))) !== undefined).toBe(left);
  });
});
