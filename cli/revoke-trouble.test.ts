import { afterEach, describe, expect, it } from '@jest/globals';
import { AGENTS_NAMESPACE as AGENTS } from '../lib/apis/agent.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { pathOf, type Rules } from '../test/fake/management-server.ts';
import { both, crossplane, provider } from './testing/controllers.ts';
import {
  account,
  AGENT,
  claim,
  composite,
  IDENTITY,
  installation,
  PLAN,
  running,
} from './testing/revocation-scenes.ts';
import { closeAll, identityIn, revoke, side } from './testing/revoking.ts';

afterEach(closeAll);

const CLAIM = pathOf(claim(false));
const INSTALLATION = pathOf(installation(false));

function says(m: { readonly objects: Map<string, KubeObject> }, path: string): unknown {
  return m.objects.get(path)?.['spec'];
}

function deleting(method: string): boolean {
  return method === 'DELETE';
}

describe('revoke without a provider', () => {
  it('says what is left, why, and the commands that need no provider', async () => {
    const m = await side(running(), { controllers: crossplane });
    const { code, out, error } = await revoke(m, '--wait=1');
    expect(code).toBe(1);
    expect(out).toContain('done  AgentInstallation team-a/demo is revoked\n');
    expect(out).not.toContain('is cut off');
    expect(error).toContain('error: ManagedCluster team-a/demo is NOT cut off yet. What is left:');
    expect(error).toContain(`  - ServiceAccount ${AGENTS}/${AGENT} exists\n`);
    expect(error).toContain('If the provider does not run, nothing of this happens.');
    expect(error).toContain(
      [
        `  kubectl -n ${AGENTS} delete rolebinding/${AGENT} --ignore-not-found`,
        `  kubectl -n team-a delete rolebinding/${AGENT} --ignore-not-found`,
        `  kubectl -n ${AGENTS} delete serviceaccount/${AGENT} --ignore-not-found`,
        '',
      ].join('\n'),
    );
    expect(error).not.toContain(' patch ');
    expect(out).toContain('Secret team-a/of-plan');
  });

  it('deletes the identity itself with --now, exactly the objects that were read', async () => {
    const m = await side(running(), { controllers: crossplane });
    const { code, error } = await revoke(m, '--now', '--wait=0');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(identityIn(m)).toEqual([]);
    const deleted = m.writes().filter(({ method }) => method === 'DELETE');
    expect(deleted.map(({ url, body }) => ({ url, body }))).toEqual(
      IDENTITY.map((object) => ({
        url: pathOf(object),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid: object.metadata.uid },
        },
      })),
    );
  });

  it.each([
    { what: 'without a stamp', annotations: {} },
    { what: 'of another cluster', annotations: { 'managedcluster.io/composite-uid': 'another' } },
  ])('leaves an object of this name $what alone', async ({ annotations }) => {
    const foreign = account(annotations);
    const others = running().filter(({ kind }) => kind !== 'ServiceAccount');
    const m = await side([...others, foreign], { controllers: crossplane });
    const { code, out } = await revoke(m, '--now', '--wait=0');
    expect(code).toBe(0);
    expect(out).toContain(
      `ServiceAccount ${AGENTS}/${AGENT} was not made for this cluster, and is left alone`,
    );
    expect(m.objects.get(pathOf(foreign))).toEqual(foreign);
    expect(identityIn(m)).toHaveLength(1);
  });

  it('says what --now was not allowed to delete', async () => {
    const m = await side(running(), { controllers: crossplane, forbids: deleting });
    const { code, error } = await revoke(m, '--now', '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain(
      `cannot delete ServiceAccount ${AGENTS}/${AGENT}: you have no permission`,
    );
    expect(error).toContain(`kubectl -n ${AGENTS} delete serviceaccount/${AGENT}`);
    expect(error).not.toContain('run this command with --now');
  });
});

describe('revoke without Crossplane', () => {
  it('says where the change has stopped, and how to tell the provider', async () => {
    const m = await side(running(), { controllers: provider });
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain('  - AgentInstallation team-a/demo is not revoked yet; as long as');
    expect(error).toContain(
      'Crossplane has not passed the change on from ManagedCluster team-a/demo.',
    );
    expect(error).toContain(
      `  kubectl -n team-a patch agentinstallation.m.managedcluster.io/demo --type=merge --field-manager=managedcluster-revoke -p '{"spec":{"revoked":true}}'\n`,
    );
  });

  it('tells the provider itself with --now, so that it makes no identity again', async () => {
    const m = await side(running(), { controllers: provider });
    const { code, out } = await revoke(m, '--now');
    expect(code).toBe(0);
    expect(identityIn(m)).toEqual([]);
    expect(says(m, CLAIM)).toMatchObject({ agent: { revoked: true } });
    expect(says(m, INSTALLATION)).toMatchObject({ revoked: true });
    expect(out).toContain('Crossplane has not passed the change on');
  });

  it('is undone as a whole, although Crossplane does not remove what it has not set', async () => {
    const m = await side(running());
    expect(await revoke(m, '--now', '--wait=0')).toMatchObject({ code: 0 });
    const later = await side([...m.objects.values()], { controllers: both });
    expect(await revoke(later, '--restore', '--wait=5')).toMatchObject({ code: 0, error: '' });
    expect(says(later, INSTALLATION)).not.toHaveProperty('revoked');
    expect(identityIn(later)).toEqual(IDENTITY);
  });

  it.each([
    {
      what: 'a paused claim',
      there: [claim(false, { annotations: { 'crossplane.io/paused': 'true' } }), composite(false)],
      warns:
        'warning: ManagedCluster team-a/demo is paused, so Crossplane does not pass the change on until this is run: kubectl -n team-a annotate managedcluster.managedcluster.io/demo crossplane.io/paused-',
    },
    {
      what: 'a paused composite',
      there: [claim(false), composite(false, { annotations: { 'crossplane.io/paused': 'true' } })],
      warns: 'kubectl annotate xmanagedcluster.managedcluster.io/demo-x crossplane.io/paused-',
    },
    {
      what: 'a claim that is being deleted',
      there: [claim(false, { deletionTimestamp: '2026-01-01T00:00:00Z' }), composite(false)],
      warns: 'warning: ManagedCluster team-a/demo is being deleted',
    },
    {
      what: 'an error of Crossplane',
      there: [
        claim(false),
        {
          ...composite(true),
          status: {
            conditions: [
              { type: 'Synced', status: 'False', message: 'no\u001b[31m function\nwarning: x' },
            ],
          },
        },
      ],
      warns: 'It says: no [31m function warning: x.',
    },
  ])('tells of $what', async ({ there, warns }) => {
    const m = await side([...there, installation(false), PLAN, ...IDENTITY]);
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain(warns);
    expect(error).not.toContain('\u001b');
  });
});

describe('revoke', () => {
  it('says what it knows when the API server goes away', async () => {
    const forbids: Rules['forbids'] = (method) => {
      if (method === 'PATCH') void m.server.close();
      return false;
    };
    const m = await side(running(), { forbids });
    const { code, out, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain(
      'cannot set spec.agent.revoked of ManagedCluster team-a/demo: cannot reach',
    );
    expect(error).toContain(`kubectl -n ${AGENTS} delete serviceaccount/${AGENT}`);
    expect(out).toContain('Secret team-a/of-claim');
    expect(out).toContain('could not be read: AgentInstallation, ClusterPlan');
  });

  it('goes on when something cannot be read for a moment', async () => {
    let reads = 0;
    const forbids: Rules['forbids'] = (method) => {
      reads += 1;
      return method === 'GET' && reads > 15 && reads < 40;
    };
    const m = await side(running(), { forbids, controllers: both });
    expect(await revoke(m, '--wait=20')).toMatchObject({ code: 0, error: '' });
  });

  it('does not touch a claim that has taken the name meanwhile', async () => {
    const forbids: Rules['forbids'] = (method) => {
      // After the last read before the write, and before the write is carried out.
      if (method === 'PATCH') m.objects.set(CLAIM, claim(false, { uid: 'uid-other' }));
      return false;
    };
    const m = await side(running(), { forbids });
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain('another object has its name now');
    expect(says(m, CLAIM)).toMatchObject({ agent: { revoked: false } });
  });
});
