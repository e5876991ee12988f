import { describe, expect, it } from '@jest/globals';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { PROVIDER_FINALIZER } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn } from '../../lib/core/object.ts';
import { agentIdentity } from '../../lib/apis/agent.ts';
import { StatusError } from '../../lib/kube/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { managementIdentity } from '../core/installation/management-identity.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { installation, KEY, kubeSystem, REF, subject } from '../testing/installation-subject.ts';

const NAME = agentIdentity(KEY);
/** The identity of its agent. */
const IDENTITY = managementIdentity(KEY, []);

describe('an AgentInstallation', () => {
  it('that is paused by crossplane.io/paused is not reconciled, and reports it', async () => {
    const paused = { annotations: { 'crossplane.io/paused': 'true' } };
    const { management, state, pass, found } = subject(installation(paused));

    expect(await pass()).toEqual({});
    expect(conditionOf(found(), 'Synced')).toMatchObject({
      status: 'False',
      reason: 'ReconcilePaused',
      message: expect.stringContaining('remove it to resume'),
    });
    expect(management.writes).toEqual(['replace AgentInstallation demo']);
    expect(state.workload.writes).toEqual([]);
  });

  it('remembers its cluster, and rejects another one until a user acts', async () => {
    const { state, events, pass, found } = subject(installation());
    await pass();
    expect(recordIn(found(), 'status')?.['clusterUID']).toBe('w');
    state.workload = memorySide([kubeSystem('x')]);
    const { requeueAfterMs } = await pass();

    // The first pass also failed: this management side has no providers to copy.
    expect(requeueAfterMs).toBe(2000);
    expect(recordIn(found(), 'status')?.['clusterUID']).toBe('w');
    expect(conditionOf(found(), 'Synced')).toMatchObject({ status: 'False' });
    expect(conditionOf(found(), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'TargetChanged',
      message: expect.stringContaining('(the uid of namespace kube-system is x, it was w)'),
    });
    expect(state.workload.writes).toEqual([]);
    expect(events.at(-1)).toBe('TargetChanged');
  });

  it('makes the identity of its agent under a name of its own, with its stamp', async () => {
    const { management, pass } = subject(installation());
    await pass();

    const made = management.writes.filter((write) => write.startsWith('create'));
    expect(made.toSorted()).toEqual(
      IDENTITY.map(({ kind }) => `create ${kind} ${NAME}`).toSorted(),
    );
    // RBAC binds only what exists.
    expect(made.slice(-2)).toEqual([`create RoleBinding ${NAME}`, `create RoleBinding ${NAME}`]);
  });

  it('says that the namespace of the agents is missing, and what to install', async () => {
    const { management, pass, found } = subject(installation());
    const missing = new StatusError('create', 404, { reason: 'NotFound' });
    management.api.create = () => Promise.reject(missing);
    await pass();

    expect(conditionOf(found(), 'Ready')?.message).toMatch(
      /^Identity: namespace managed-cluster-agents does not exist: install package/,
    );
  });

  it.each(IDENTITY.map((object) => ({ kind: object.kind, object })))(
    'neither changes, uses nor deletes a $kind that somebody else gave its name',
    async ({ object }) => {
      const { name = '', namespace = '', labels = {} } = object.metadata;
      // As an attacker would, who has seen the labels; the stamp needs a verb of ours (policy marks).
      const taken = { ...object, metadata: { name, namespace, labels, uid: 'theirs' }, rules: [] };
      const { management, state, pass, found } = subject(installation(), [taken]);
      await pass();

      expect(conditionOf(found(), 'Ready')).toMatchObject({
        status: 'False',
        reason: 'NameTaken',
        message: expect.stringMatching(
          new RegExp(`${object.kind} ${namespace}/${name} already exists .*delete or rename it`),
        ),
      });
      expect(management.object(refOf(taken))).toEqual(taken);
      expect(state.workload.writes.join()).not.toContain('Secret');

      const going = { deletionTimestamp: 'now', finalizers: [PROVIDER_FINALIZER] };
      const removal = subject(installation(going), [taken]);
      await removal.pass();
      expect(removal.management.object(refOf(taken))).toEqual(taken);
    },
  );

  it('gives a claim ci/gitlab no token of the ServiceAccount gitlab-agent that is there already', async () => {
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { namespace: KEY.namespace, name: `${KEY.name}-agent`, uid: 'theirs' },
    };
    const { management, pass } = subject(installation(), [account]);
    await pass();

    expect(management.object(refOf(account))).toEqual(account);
    expect(management.writes.join()).not.toContain(account.metadata.name);
  });

  it('that is revoked loses the identity of its agent, and keeps it lost until it is not', async () => {
    const { management, state, events, pass, found } = subject(installation());
    await pass();
    const first = IDENTITY.map((object) => management.object(refOf(object))?.metadata.uid);
    expect(first).not.toContain(undefined);

    for (const revoked of [true, true]) {
      // oxlint-disable-next-line no-await-in-loop -- passes are sequential
      await management.api.patch(REF, { metadata: { generation: 2 }, spec: { revoked } });
      // oxlint-disable-next-line no-await-in-loop -- see above
      await pass();
      expect(IDENTITY.map((object) => management.object(refOf(object)))).toEqual(
        IDENTITY.map(() => undefined),
      );
      expect(conditionOf(found(), 'Ready')).toMatchObject({
        status: 'False',
        reason: 'AgentRevoked',
        message: expect.stringMatching(
          /spec\.revoked of the AgentInstallation, is true.*until both are false/,
        ),
      });
    }
    expect(events.filter((reason) => reason === 'TokenIssued')).toHaveLength(1);

    await management.api.patch(REF, { metadata: { generation: 3 }, spec: { revoked: false } });
    await pass();
    const second = IDENTITY.map((object) => management.object(refOf(object))?.metadata.uid);
    expect(second.filter((uid) => uid === undefined || first.includes(uid))).toEqual([]);
    expect(events.filter((reason) => reason === 'TokenIssued')).toHaveLength(2);
    expect(state.workload.writes.join()).toContain('Secret');
  });

  it('lets the agent read a Secret as soon as its owner allows it, and says so until then', async () => {
    const variable = { name: 'v', secretKeyRef: { name: 'db', key: 'password' } };
    const layer = { name: 'a', type: 'addon', installPriority: 1, secretVariables: [variable] };
    const spec = { epoch: 1, clusterName: KEY.name, cluster: {}, layers: [layer] };
    const plan = { ...CLUSTER_PLAN, metadata: KEY, spec };
    const metadata = { namespace: KEY.namespace, name: 'db' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: 'eA==' } };
    const ref = refOf(secret);
    const { management, pass, found } = subject(installation(), [plan, secret], 60_000);
    const role = { ...ref, kind: 'Role', name: NAME };
    await pass();
    expect(JSON.stringify(management.object(role))).not.toContain('"db"');
    expect(JSON.stringify(found()?.['status'])).toContain(
      "kubectl -n team annotate secret db managedcluster.io/usable-by='demo' --overwrite",
    );
    const annotations = { 'managedcluster.io/usable-by': 'demo' };
    await management.api.patch(ref, { metadata: { annotations } });
    await pass();
    expect(JSON.stringify(management.object(role))).toContain('"db"');
    expect(JSON.stringify(found()?.['status'])).not.toContain('SecretNotAllowed');
  });

  it('that is deleted removes its own identity, and no other', async () => {
    const going = { deletionTimestamp: 'now', finalizers: [PROVIDER_FINALIZER, 'other'] };
    const [account, , , , , lease] = IDENTITY;
    if (account === undefined || lease === undefined) throw new Error('no identity');
    const { name = '', namespace = '', labels = {} } = lease.metadata;
    const { management, pass, found } = subject(installation(going), [
      account,
      { ...lease, metadata: { name, namespace, labels } },
    ]);
    await pass();
    expect(management.writes).toEqual([
      `delete ServiceAccount ${NAME}`,
      'patch AgentInstallation demo',
    ]);
    expect(found()?.metadata.finalizers).toEqual(['other']);
  });

  it('that is deleted reports why the identity cannot be removed, and is kept', async () => {
    const going = { deletionTimestamp: 'now', finalizers: [PROVIDER_FINALIZER] };
    const { management, pass, found } = subject(installation(going), IDENTITY);
    management.api.delete = () => Promise.reject(new Error('forbidden'));
    await expect(pass()).rejects.toThrow('forbidden');
    expect(conditionOf(found(), 'Synced')).toMatchObject({
      status: 'False',
      reason: 'ReconcileError',
      message: 'forbidden',
    });
    expect(found()?.metadata.finalizers).toEqual([PROVIDER_FINALIZER]);
  });
});
