import { afterEach, describe, expect, it } from '@jest/globals';
import { AGENTS_NAMESPACE as AGENTS } from '../lib/apis/agent.ts';
import { pathOf, type Rules } from '../test/fake/management-server.ts';
import { both } from './testing/controllers.ts';
import {
  AGENT as NAME,
  claim,
  cutOff,
  IDENTITY,
  installation,
  namespaced,
  running,
} from './testing/revocation-scenes.ts';
import { closeAll, identityIn, revoke, side } from './testing/revoking.ts';

afterEach(closeAll);

/** Everything that is not read. */
function writing(method: string): boolean {
  return method !== 'GET';
}

/** Everything of the identity of the agent. */
function ofIdentity(_method: string, path: string): boolean {
  return path.includes(NAME);
}

/** Everything but claims. */
function beyondClaims(_method: string, path: string): boolean {
  return !path.includes('/managedclusters');
}

describe('revoke', () => {
  it('is done when nothing of the identity is left, and says each fact', async () => {
    const m = await side(running(), { controllers: both });
    const { code, out, error } = await revoke(m);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out.split('\n').filter((line) => line.startsWith('done'))).toEqual([
      'done  spec.agent.revoked of managedcluster.managedcluster.io/demo is true',
      'done  XManagedCluster demo-x is revoked',
      'done  AgentInstallation team-a/demo is revoked',
      `done  RoleBinding ${AGENTS}/${NAME} does not exist`,
      `done  RoleBinding team-a/${NAME} does not exist`,
      `done  ServiceAccount ${AGENTS}/${NAME} does not exist`,
      `done  Role ${AGENTS}/${NAME} does not exist`,
      `done  Role team-a/${NAME} does not exist`,
      `done  Lease ${AGENTS}/${NAME} does not exist`,
      'done  the provider reports AgentRevoked: it has removed the identity of the agent',
    ]);
    expect(out).toContain('ManagedCluster team-a/demo is cut off');
    expect(out).toContain(
      'kubectl managedcluster revoke managedcluster.managedcluster.io/demo -n team-a --restore',
    );
  });

  it('writes only the field, into exactly the object that was found, as no manager that Flux undoes', async () => {
    const m = await side(running(), { controllers: both });
    await revoke(m);
    expect(m.writes().map(({ method, url, body }) => ({ method, url, body }))).toEqual([
      {
        method: 'PATCH',
        url: `${pathOf(claim(false))}?fieldManager=managedcluster-revoke`,
        body: { metadata: { uid: 'uid-claim' }, spec: { agent: { revoked: true } } },
      },
    ]);
  });

  it('waits for the controllers', async () => {
    let looks = 0;
    const controllers: Rules['controllers'] = (objects) => {
      looks += 1;
      if (looks > 25) both(objects);
    };
    const m = await side(running(), { controllers });
    const { code, error } = await revoke(m);
    expect({ code, error }).toEqual({ code: 0, error: '' });
  });

  it('names what was copied into the cluster, and reads no Secret', async () => {
    const m = await side(running(), { controllers: both });
    const { out } = await revoke(m);
    expect(out).toContain('  - AWSClusterStaticIdentity prod, the identity of the cluster');
    expect(out).toContain('  - Secret capa-system/prod-keys, the identity of the cluster');
    expect(out).toContain('  - Secret team-a/of-plan, which layers of its profiles read');
    expect(m.server.requests.map(({ url }) => url)).not.toContainEqual(
      expect.stringMatching(/secrets/),
    );
  });

  it('is done at once when the cluster is cut off already, and writes nothing', async () => {
    const m = await side(cutOff());
    const { code } = await revoke(m, '--wait', '0');
    expect(code).toBe(0);
    expect(m.writes()).toEqual([]);
  });

  it('takes a namespaced composite', async () => {
    const m = await side([namespaced(false), installation(false), ...IDENTITY], {
      controllers: both,
    });
    const { code, out } = await revoke(m, 'namespacedmanagedcluster/demo');
    expect(code).toBe(0);
    expect(out).toContain('namespacedmanagedcluster.m.managedcluster.io/demo is true');
    expect(identityIn(m)).toEqual([]);
  });

  it('asks which of two is meant, and leaves the cluster of the other one alone', async () => {
    const two = [...running(), namespaced(false, 'uid-second')];
    const m = await side(two);
    expect(await revoke(m)).toMatchObject({ code: 2, out: '' });
    expect(m.writes()).toEqual([]);
    const { code } = await revoke(m, 'namespacedmanagedcluster/demo', '--now', '--wait=0');
    expect(code).toBe(0);
    expect(m.writes()).toHaveLength(1);
    expect(identityIn(m)).toEqual(IDENTITY);
  });

  it.each([
    { what: 'does not exist', there: [], says: 'ManagedCluster demo does not exist' },
    {
      what: 'cannot be read',
      there: running(),
      forbids: () => true,
      says: 'not readable with your permissions',
    },
  ])('answers with 3 when the ManagedCluster $what', async ({ there, forbids, says }) => {
    const m = await side(there, forbids === undefined ? {} : { forbids });
    const { code, out, error } = await revoke(m);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(error).toContain(says);
  });

  it('says that the caller has no permission, does not wait, and gives the commands', async () => {
    const m = await side(running(), { forbids: writing, controllers: both });
    const { code, error } = await revoke(m);
    expect(code).toBe(1);
    expect(error).toContain('is NOT cut off yet');
    expect(error).toContain(
      'cannot set spec.agent.revoked of ManagedCluster team-a/demo: you have no permission',
    );
    expect(error).toContain(
      `kubectl -n team-a patch managedcluster.managedcluster.io/demo --type=merge --field-manager=managedcluster-revoke -p '{"spec":{"agent":{"revoked":true}}}'`,
    );
  });

  it('believes the provider when the identity cannot be read, but no report of before', async () => {
    const m = await side(running(), { forbids: ofIdentity, controllers: both });
    const { code, out } = await revoke(m);
    expect(code).toBe(0);
    expect(out).toContain('the provider reports AgentRevoked');

    const old = await side([...cutOff({ generation: 2 }), ...IDENTITY], { forbids: ofIdentity });
    const { code: late, error } = await revoke(old, '--wait=0');
    expect(late).toBe(1);
    expect(error).toContain(`ServiceAccount ${AGENTS}/${NAME}: not readable with your permissions`);
  });

  it('does not count as done what cannot be seen', async () => {
    const m = await side(running(), { forbids: beyondClaims, controllers: both });
    const { code, error } = await revoke(m, 'managedcluster/demo', '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain('its name is not known');
    expect(error).toContain(
      `kubectl -n ${AGENTS} delete rolebinding,serviceaccount,role,lease -l managedcluster.io/cluster=demo,managedcluster.io/cluster-namespace=team-a`,
    );
  });
});
