import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureBinaries, waitFor } from '@managed-cluster/toolchain';
import { CLOUD_ADDRESS, inNamespace } from '@managed-cluster/testbed';
import {
  AGENT_NAMESPACE,
  agentIdentity,
  AGENTS_NAMESPACE,
  LAYERS_NAME,
} from '../../lib/apis/agent.ts';
import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn } from '../../lib/core/object.ts';
import { cleanUp } from './agent/clean-up.ts';
import { manifestsLayer, planFor } from './agent/plans.ts';
import type { Rig } from './agent/rig.ts';
import {
  accepted,
  COPY,
  copyLayers,
  gone,
  HELM,
  layersWith,
  map,
  NAME,
  NAMESPACE,
  phases,
  PLAN,
  planLayers,
  SECRET_VALUE,
  setUpAgent,
} from './agent/subject.ts';
import { control, eventually, management, workload, worldFile } from './world.ts';

let rig: Rig;
let helm = '';

beforeAll(async () => {
  ({ helm } = await ensureBinaries(['helm']));
  rig = await setUpAgent(helm);
  await management().create(planFor(NAMESPACE, NAME, { layers: layersWith() }));
  rig.start();
});

afterAll(async () => {
  await control('link', 'join');
  await rig.stop('SIGKILL');
  await cleanUp(management(), workload(), NAMESPACE);
});

describe('the agent', () => {
  it('copies its plan and installs layers in order, each when the ones before are ready', async () => {
    const copy = await eventually(workload(), COPY, 'to be copied');
    expect(copy['spec']).toEqual((await management().get(PLAN))?.['spec']);
    await eventually(workload(), map('one'), 'to be there');
    await eventually(workload(), map('hello', 'hello-ns'), 'to be there');
    const plan = await eventually(
      management(),
      PLAN,
      'to report the Helm layer',
      (object) => phases(object)['hello'] === 'Ready',
    );
    expect(phases(plan)).toEqual({
      one: 'Ready',
      hello: 'Ready',
      sealed: 'Pending',
      extra: 'Pending',
    });
    expect(conditionOf(plan, 'NodeLayersReady')?.message).toContain(
      'Secret passwords with the key db',
    );
    expect(conditionOf(plan, 'AddOnsReady')).toMatchObject({ status: 'False' });
    expect(conditionOf(plan, 'ControlPlaneReady')).toMatchObject({ reason: 'WaitingForPivot' });
    expect(conditionOf(plan, 'AgentConnected')).toMatchObject({ status: 'True' });
    expect(recordIn(plan, 'status')?.['observedGeneration']).toBe(plan.metadata.generation);
  });

  it('applies layers as their own ServiceAccount', async () => {
    const object = await workload().get(map('one'));
    expect(object?.metadata.managedFields?.map(({ manager }) => manager)).toEqual([LAYERS_NAME]);
  });

  it('puts secrets in and shows them to nobody', async () => {
    await management().create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'passwords', namespace: NAMESPACE },
      stringData: { db: SECRET_VALUE },
    });
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'sealed' };
    const sealed = await eventually(workload(), ref, 'to be there');
    const written = Buffer.from(String(recordIn(sealed, 'data')?.['pw']), 'base64').toString();
    expect(written).toBe(SECRET_VALUE);
    const plan = await eventually(
      management(),
      PLAN,
      'to report it',
      (object) => phases(object)['sealed'] === 'Ready',
    );
    const shown = [
      plan,
      await workload().get(COPY),
      await workload().list(map('', AGENT_NAMESPACE)),
    ];
    const log = readFileSync(rig.logFile, 'utf8');
    for (const secret of ['hunter2', Buffer.from(SECRET_VALUE).toString('base64')]) {
      expect(JSON.stringify(shown)).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
  }, 120_000);

  it('heals a release that a killed Helm left pending', async () => {
    const kubeconfig = worldFile().workload.kubeconfig;
    const args = ['upgrade', 'hello', 'hello', '--repo', `http://${CLOUD_ADDRESS}`, '--wait'];
    const all = [
      helm,
      ...args,
      '--namespace',
      'hello-ns',
      '--kubeconfig',
      kubeconfig,
      '--set',
      'greeting=x',
    ];
    const [program = '', ...rest] = inNamespace('w', all);
    const env = { PATH: process.env['PATH'], HOME: worldFile().dir };
    const child = spawn(program, rest, { stdio: 'ignore', env });
    const secrets = { apiVersion: 'v1', kind: 'Secret', namespace: 'hello-ns' };
    const pending = { labelSelector: 'owner=helm,status=pending-upgrade' };
    await waitFor({
      what: 'Helm to be in the middle of it',
      timeoutMs: 30_000,
      intervalMs: 20,
      look: async () =>
        (await workload().list(secrets, pending)).items.length > 0 ? true : undefined,
    });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const chart = { ...HELM.helm, values: { greeting: 'servus' } };
    const next = { ...HELM, helm: chart } as PlanLayer;
    await planLayers(layersWith(next));
    await eventually(
      workload(),
      map('hello', 'hello-ns'),
      'to greet anew',
      (object) => recordIn(object, 'data')?.['greeting'] === 'servus',
    );
    // Helm says so of its own release too, until it has looked at what it has applied.
    const left = await waitFor({
      what: 'no release of Helm to be pending',
      timeoutMs: 30_000,
      look: async () => {
        const { items } = await workload().list(secrets, pending);
        return items.length === 0 ? items : undefined;
      },
    });
    expect(left).toEqual([]);
  });

  it('beats on the management side', async () => {
    const ref = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: AGENTS_NAMESPACE,
      name: agentIdentity({ namespace: NAMESPACE, name: NAME }),
    };
    const seen = recordIn(await management().get(ref), 'spec')?.['renewTime'];
    expect(seen).toBeDefined();
    await eventually(
      management(),
      ref,
      'to be renewed',
      (lease) => recordIn(lease, 'spec')?.['renewTime'] !== seen,
    );
  });
});

describe('on its own', () => {
  it('goes on from its copy while the link is cut: installs, prunes, uninstalls', async () => {
    await control('link', 'cut');
    const moved = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: moved}\n';
    await copyLayers([manifestsLayer('one', { manifests: moved })]);
    await eventually(workload(), map('moved', 'default'), 'to be there');
    expect(await Promise.all([gone(map('one')), gone(map('hello', 'hello-ns'))])).toEqual([
      true,
      true,
    ]);
  });

  it('starts while the link is cut', async () => {
    expect(await rig.stop('SIGTERM')).toBe(0);
    rig.start();
    await copyLayers([manifestsLayer('two')]);
    await eventually(workload(), map('two'), 'to be there');
    await gone(map('moved', 'default'));
  });

  it('reports what was changed inside when the link is back, and lets the claim win again', async () => {
    await control('link', 'join');
    expect(await accepted('ChangedInside')).toBeDefined();
    await planLayers([manifestsLayer('three')]);
    await eventually(workload(), map('three'), 'to be there');
    await gone(map('two'));
  });

  it('is connected again as soon as it is back, whatever was said of it', async () => {
    const plan = await eventually(management(), PLAN, 'to be there');
    const conditions = [
      {
        type: 'AgentConnected',
        status: 'False',
        reason: 'NoHeartbeat',
        message: 'x',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ];
    await management().replace(
      { ...plan, status: { ...recordIn(plan, 'status'), conditions } },
      { subresource: 'status' },
    );
    const connected = await eventually(
      management(),
      PLAN,
      'to be connected',
      (object) => conditionOf(object, 'AgentConnected')?.status === 'True',
    );
    expect(phases(connected)).toEqual({ three: 'Ready' });
  });

  it('ignores a plan of an older epoch, and keeps everything when the plan is gone', async () => {
    await workload().patch(COPY, { spec: { epoch: 5 } });
    await planLayers([]);
    await accepted('OlderEpoch');
    await management().patch(PLAN, { metadata: { labels: { 'managedcluster.io/hold': null } } });
    await management().delete(PLAN);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await workload().get(map('three'))).toBeDefined();
    expect(await workload().get(COPY)).toBeDefined();
  });
});
