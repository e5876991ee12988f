import { afterEach, describe, expect, it } from '@jest/globals';
import { agentIdentity, AGENTS_NAMESPACE as AGENTS } from '../lib/apis/agent.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { pathOf, type Rules } from '../test/fake/management-server.ts';
import { both, crossplane } from './testing/controllers.ts';
import {
  AGENT,
  claim,
  composite,
  cutOff,
  IDENTITY,
  installation,
  running,
} from './testing/revocation-scenes.ts';
import { closeAll, identityIn, revoke, side } from './testing/revoking.ts';

afterEach(closeAll);

const COMPOSITE = pathOf(composite(true));
const INSTALLATION = pathOf(installation(true));

function unreadable(...paths: readonly string[]): NonNullable<Rules['forbids']> {
  return (method, path) => method === 'GET' && paths.includes(path);
}

function without(there: readonly KubeObject[], ...kinds: readonly string[]): readonly KubeObject[] {
  return there.filter(({ kind }) => !kinds.includes(kind));
}

describe('revoke with an AgentInstallation that cannot be read', () => {
  const forbids = unreadable(INSTALLATION);

  it('is not done, because the provider may make the identity again', async () => {
    const m = await side(cutOff(), { forbids });
    const { code, out, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(out).not.toContain('is cut off');
    expect(error).toContain(
      '  - AgentInstallation team-a/demo: not readable with your permissions\n',
    );
  });

  it('is done when the composite and the whole identity went away', async () => {
    const m = await side(running(), {
      forbids: (...request) => {
        // After the uid was seen.
        if (request[0] === 'PATCH')
          for (const object of [composite(false), ...IDENTITY]) m.objects.delete(pathOf(object));
        return forbids(...request);
      },
    });
    expect(await revoke(m, '--wait=0')).toMatchObject({ code: 0, error: '' });
  });
});

describe('revoke with a composite that cannot be read', () => {
  const forbids = unreadable(COMPOSITE);

  it('is not done without an AgentInstallation', async () => {
    const m = await side(without(cutOff(), 'AgentInstallation'), { forbids });
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain('the composite of the claim: not readable with your permissions');
  });

  it('is done if the AgentInstallation is revoked', async () => {
    const m = await side(cutOff(), { forbids });
    expect(await revoke(m, '--wait=0')).toMatchObject({ code: 0, error: '' });
  });
});

describe('revoke of a composite that was never seen', () => {
  const there = without(running(), 'XManagedCluster', 'AgentInstallation');

  it('looks for the identity by its labels', async () => {
    const m = await side(there);
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain(
      `  - ServiceAccount ${AGENTS}/${AGENT} exists, and has the labels of this cluster\n`,
    );
    expect(error).toContain(`kubectl -n ${AGENTS} delete rolebinding,serviceaccount,role,lease -l`);
  });

  it('is done if nothing has them', async () => {
    const others = IDENTITY.map((object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { 'managedcluster.io/cluster': 'other' } },
    }));
    const m = await side([claim(false), ...others]);
    const { code, out } = await revoke(m, '--wait=0');
    expect(code).toBe(0);
    expect(out).toContain(`no ServiceAccount in ${AGENTS} has the labels of this cluster`);
  });

  it('is not done if they cannot be listed', async () => {
    const m = await side([claim(false)], {
      forbids: (_method, path) => path.endsWith('/serviceaccounts'),
    });
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain(
      'ServiceAccount of the agent: its name is not known, and they cannot be listed: not readable with your permissions',
    );
  });
});

describe('a write that does not work', () => {
  it('is no success, also if the management side comes to the same', async () => {
    const late = await side(running(), {
      forbids: (method) => {
        if (method === 'DELETE') both(late.objects);
        return method === 'DELETE';
      },
    });
    const { code, out, error } = await revoke(late, '--now');
    expect(code).toBe(1);
    expect(identityIn(late)).toEqual([]);
    expect(out).not.toContain('is cut off');
    expect(error).toContain('a write did not work');
    expect(error).toContain(
      `cannot delete ServiceAccount ${AGENTS}/${AGENT}: you have no permission`,
    );
  });

  it.each([500, 409])('is tried again after %i', async (code) => {
    let failures = 2;
    const m = await side(running(), {
      controllers: both,
      fails: (method) => (method === 'PATCH' && (failures -= 1) >= 0 ? code : undefined),
    });
    expect(await revoke(m, '--wait=10')).toMatchObject({ code: 0, error: '' });
    expect(m.writes()).toHaveLength(3);
  });

  it.each([403, 422])('is not tried again after %i', async (code) => {
    const m = await side(running(), {
      controllers: both,
      fails: (method) => (method === 'PATCH' ? code : undefined),
    });
    expect(await revoke(m, '--wait=10')).toMatchObject({ code: 1 });
    expect(m.writes()).toHaveLength(1);
  });

  it('is not tried again when another object has the name', async () => {
    const m = await side(running(), {
      forbids: (method) => {
        if (method === 'PATCH')
          m.objects.set(pathOf(claim(false)), claim(false, { uid: 'uid-other' }));
        return false;
      },
    });
    expect(await revoke(m, '--wait=10')).toMatchObject({ code: 1 });
    expect(m.writes()).toHaveLength(1);
  });
});

describe('revoke that is complete', () => {
  it('tells of a watch that is open, and with --now of the field that stays', async () => {
    const m = await side(running(), { controllers: crossplane });
    const { out } = await revoke(m, '--now', '--wait=0');
    expect(out).toContain('can go on for up to an hour');
    expect(out).toContain('not tested here');
    expect(out).toContain('spec.revoked of AgentInstallation team-a/demo stays');
    expect(out).toContain('Only --restore');
    const again = await side(cutOff());
    expect((await revoke(again, '--wait=0')).out).not.toContain('stays, because');
  });
});

describe('the identity that revoke looks for', () => {
  it('is the one that the provider makes: an owner that is no composite does not count', async () => {
    const labels = { 'crossplane.io/composite': 'demo-x' };
    const other = { apiVersion: 'a/v1', kind: 'Other', name: 'o', uid: 'uid-other' };
    const made = installation(true, { labels, ownerReferences: [other] });
    const m = await side([claim(true), composite(true), { ...made, status: {} }]);
    const { out } = await revoke(m, '--wait=0');
    const name = agentIdentity({ namespace: 'team-a', name: 'demo' });
    expect(out).toContain(`done  ServiceAccount ${AGENTS}/${name} does not exist`);
  });
});
