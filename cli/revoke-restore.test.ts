import { afterEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../lib/core/object.ts';
import { pathOf } from '../test/fake/management-server.ts';
import { both, crossplane, provider } from './testing/controllers.ts';
import {
  AGENT,
  claim,
  cutOff,
  IDENTITY,
  identityOf,
  installation,
  reported,
  running,
  withConnection,
} from './testing/revocation-scenes.ts';
import { closeAll, identityIn, revoke, side } from './testing/revoking.ts';

afterEach(closeAll);

const RESOURCE = 'managedcluster.managedcluster.io/demo';

describe('revoke --restore', () => {
  it('is done when the agent reports with its new identity', async () => {
    const m = await side(cutOff(), { controllers: both });
    const { code, out, error } = await revoke(m, '--restore');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(m.writes().map(({ body }) => body)).toEqual([
      { metadata: { uid: 'uid-claim' }, spec: { agent: { revoked: false } } },
    ]);
    expect(identityIn(m)).toEqual(IDENTITY);
    expect(out).toContain(`done  spec.agent.revoked of ${RESOURCE} is false\n`);
    expect(out).toContain(`done  AgentConnected of ${RESOURCE} is True\n`);
    expect(out).toContain('ManagedCluster team-a/demo is connected again');
    expect(out).not.toContain('copied into the cluster or could be read');
  });

  it('writes nothing when the cluster is connected', async () => {
    const m = await side(running());
    const { code, out, error } = await revoke(m, '--restore', '--wait=0');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(m.writes()).toEqual([]);
    expect(out).toContain(
      'ManagedCluster team-a/demo is connected: its identity was not replaced, so tokens from before still work.',
    );
    expect(out).not.toContain('new identity');
    expect(out).not.toContain('copied into it again');
  });

  it('says that the identity is new if its ServiceAccount is another one', async () => {
    const before = IDENTITY.filter(({ kind }) => kind === 'ServiceAccount').map((one) => ({
      ...one,
      metadata: { ...one.metadata, uid: 'uid-before' },
    }));
    const m = await side([...cutOff(), ...before], {
      controllers: (objects) => {
        const old = before
          .map(pathOf)
          .find((path) => objects.get(path)?.metadata.uid === 'uid-before');
        if (old !== undefined && m.writes().length > 0) objects.delete(old);
        if (m.writes().length > 0) both(objects);
      },
    });
    const { code, out } = await revoke(m, '--restore', '--wait=5');
    expect(code).toBe(0);
    expect(out).toContain('its agent has a new identity, and no token from before works');
  });

  it('claims nothing of the identity if it could not be seen', async () => {
    const m = await side(running(), { forbids: (_method, path) => path.includes(AGENT) });
    const { code, out } = await revoke(m, '--restore', '--wait=0');
    expect(code).toBe(0);
    expect(out).toContain('it was not seen that its identity was replaced');
  });

  it('does not take what the claim said before for a connection', async () => {
    const [, ...others] = cutOff();
    const m = await side([withConnection(claim(true), 'True'), ...others], {
      controllers: crossplane,
    });
    const { code, error } = await revoke(m, '--restore', '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain('is not connected again yet');
    expect(error).toContain('ServiceAccount managed-cluster-agents/managed-cluster-agent-');
    expect(error).toContain('does not exist yet');
    expect(error).toContain('the agent has not renewed Lease');
    expect(error).toContain('the provider has not reported that the agent has an identity');
    expect(error).toContain('If the provider does not run');
    expect(error).toContain(`  kubectl managedcluster explain ${RESOURCE} -n team-a\n`);
  });

  it('waits for the agent, not only for its identity', async () => {
    const there: readonly KubeObject[] = [
      withConnection(claim(false), 'False'),
      ...running().filter(({ kind }) => kind === 'XManagedCluster'),
      { ...installation(false), status: reported(true, 1) },
      ...identityOf(),
    ];
    const m = await side(there);
    const { code, out, error } = await revoke(m, '--restore', '--wait=0');
    expect(code).toBe(1);
    expect(out).toMatch(/done {2}ServiceAccount \S+ exists/);
    expect(error).toContain(`  - AgentConnected of ${RESOURCE} is False (AgentRevoked)`);
    expect(error).toContain('the agent has not renewed Lease');
  });

  it('says that Crossplane has not passed it on', async () => {
    const m = await side(cutOff(), { controllers: provider });
    const { code, error } = await revoke(m, '--restore', '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain('XManagedCluster demo-x is still revoked');
    expect(error).toContain('Crossplane has not passed the change on from ManagedCluster');
  });

  it('gives the command for what somebody else wrote into the AgentInstallation', async () => {
    const managedFields = [{ manager: 'kubectl-patch', operation: 'Update' }];
    const m = await side(cutOff({ managedFields }), { controllers: both });
    const { code, error } = await revoke(m, '--restore', '--wait=0');
    expect(code).toBe(1);
    expect(m.writes()).toHaveLength(1);
    expect(error).toContain('AgentInstallation team-a/demo is still revoked');
    expect(error).toContain(
      `kubectl -n team-a patch agentinstallation.m.managedcluster.io/demo --type=merge --field-manager=managedcluster-revoke -p '{"spec":{"revoked":null}}'`,
    );
  });

  it('says that the caller has no permission', async () => {
    const m = await side(cutOff(), { forbids: writing });
    const { code, error } = await revoke(m, '--restore');
    expect(code).toBe(1);
    expect(error).toContain('you have no permission');
    expect(m.objects.get(pathOf(claim(true)))?.['spec']).toMatchObject({
      agent: { revoked: true },
    });
  });
});

function writing(method: string): boolean {
  return method !== 'GET';
}

describe('a claim that Git keeps', () => {
  const tracked = { annotations: { 'argocd.argoproj.io/tracking-id': 'clusters\u001b:a:b/c' } };

  it.each([
    { args: [], objects: running(), value: true },
    { args: ['--restore'], objects: cutOff(), value: false },
  ])('needs a change in Git as well: $args', async ({ args, objects, value }) => {
    const [head, ...others] = objects;
    const kept = { ...head!, metadata: { ...head!.metadata, ...tracked } };
    const m = await side([kept, ...others], { controllers: both });
    const { code, error } = await revoke(m, ...args);
    expect(code).toBe(0);
    expect(error).toBe(
      `warning: ${RESOURCE} is managed by Argo CD (Application clusters ): the next sync can set spec.agent.revoked back. Write ${value} for it into Git as well, or stop the sync\n`,
    );
  });

  it('is not cut off when the sync was faster', async () => {
    const m = await side(running(), {
      controllers: (objects) => {
        objects.set(pathOf(claim(false)), withConnection(claim(false), 'True'));
        both(objects);
      },
    });
    const { code, error } = await revoke(m, '--wait=0');
    expect(code).toBe(1);
    expect(error).toContain(`  - spec.agent.revoked of ${RESOURCE} is not true`);
  });
});
