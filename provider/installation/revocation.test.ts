import { expect, it } from '@jest/globals';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { createLogger } from '../../lib/log.ts';
import { createController } from '../../lib/reconcile/controller.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { managementIdentity } from '../core/installation/management-identity.ts';
import type { ProviderDeps } from '../deps.ts';
import { revocationController } from './revocation.ts';

const KEY = { namespace: 'team', name: 'demo' };
const IDENTITY = managementIdentity(KEY, []);

function installation(revoked: boolean): KubeObject {
  return { ...AGENT_INSTALLATION, metadata: KEY, spec: { clusterName: KEY.name, revoked } };
}

/** The controller without a connection to any cluster; `event` is what a watch reports. */
function subject(revoked: boolean) {
  const management = memorySide([installation(revoked), ...IDENTITY]);
  const { reconciler, sources } = revocationController({
    management: management.api,
    workload: () => new Promise(() => undefined),
  } as unknown as ProviderDeps);
  async function event(object: KubeObject): Promise<void> {
    const stop = new AbortController();
    const controller = createController(reconciler, { log: createLogger('silent') });
    for (const source of sources) {
      const keys = source.type.kind === object.kind ? source.toKeys(object) : [];
      for (const key of keys) controller.enqueue(key);
    }
    const run = controller.run(stop.signal);
    stop.abort();
    await run;
  }
  return {
    event,
    left: () => IDENTITY.filter((object) => management.object(refOf(object)) !== undefined),
  };
}

it.each([
  ['that is revoked loses its identity, although its cluster does not answer', true, []],
  ['that is not revoked keeps its identity', false, IDENTITY],
])('an agent %s', async (_reason, revoked, kept) => {
  const { event, left } = subject(revoked);
  await event(installation(revoked));
  expect(left()).toEqual(kept);
});

it('an identity that a pass created which began before the revocation is removed', async () => {
  const { event, left } = subject(true);
  const [account] = IDENTITY;
  if (account === undefined) throw new Error('no identity');
  await event(account);
  expect(left()).toEqual([]);
});
