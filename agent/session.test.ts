import { describe, expect, it } from '@jest/globals';
import { clouds } from '../capi/clouds/index.ts';
import { CLUSTER_PLAN } from '../lib/apis/kinds.ts';
import { type KubeObject, isRecord, recordIn } from '../lib/core/object.ts';
import type { KubeApi, WatchEvent } from '../lib/kube/api.ts';
import { createLogger } from '../lib/log.ts';
import { AGENT_NAMESPACE } from '../lib/apis/agent.ts';
import { aborted } from '../lib/aborted.ts';
import { anInput, observationOf } from './testing/cluster-states.ts';
import { apiDouble, nameOf } from './testing/api-double.ts';
import { runSession } from './session.ts';

interface PlanServer {
  readonly api: KubeApi;
  readonly plan: () => KubeObject | undefined;
  readonly put: (plan: KubeObject) => void;
  /** Kinds that were watched. */
  readonly watched: Set<string>;
  /** Whether heartbeats are answered. */
  link: boolean;
}

/** An API server with one plan that can be watched; all other kinds are served and empty. */
function planServer(): PlanServer {
  const { api } = apiDouble();
  const listeners: ((event: WatchEvent) => void)[] = [];
  let held: KubeObject | undefined;
  let version = 0;
  function write(object: KubeObject): Promise<KubeObject> {
    const { metadata } = object;
    const type = held === undefined ? 'ADDED' : 'MODIFIED';
    held = { ...object, metadata: { ...metadata, resourceVersion: String((version += 1)) } };
    for (const listener of listeners) listener({ type, object: held });
    return Promise.resolve(held);
  }
  const server: PlanServer = {
    api: {
      ...api,
      create: write,
      replace: write,
      patch: (_ref, _patch) =>
        server.link
          ? Promise.resolve({ apiVersion: 'v1', kind: 'Lease', metadata: {} })
          : Promise.reject(new Error('no link')),
      watch: async ({ kind }, onEvent, { signal }) => {
        server.watched.add(kind);
        if (kind === CLUSTER_PLAN.kind) {
          listeners.push(onEvent);
          if (held !== undefined) onEvent({ type: 'ADDED', object: held });
        }
        onEvent({ type: 'SYNCED', object: { apiVersion: 'v1', kind, metadata: {} } });
        await aborted(signal);
      },
    },
    plan: () => held,
    put: (plan) => void write(plan),
    watched: new Set(),
    link: true,
  };
  return server;
}

function shownPlan(): KubeObject {
  const { plan: spec, namespace } = observationOf(anInput());
  return { ...CLUSTER_PLAN, metadata: { name: 'demo', namespace, uid: 'u', generation: 4 }, spec };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('did not come in time');
    // oxlint-disable-next-line no-await-in-loop -- polls
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function conditionTypes(plan: KubeObject | undefined): readonly string[] {
  const conditions = recordIn(plan, 'status')?.['conditions'];
  return (Array.isArray(conditions) ? conditions.filter(isRecord) : []).map(({ type }) =>
    String(type),
  );
}

/** A session of cluster demo; ends with the test's work. */
async function inSession(
  work: (sides: { management: PlanServer; local: PlanServer }) => Promise<void>,
  prepare: (management: PlanServer) => void = () => undefined,
): Promise<void> {
  const [management, local] = [planServer(), planServer()];
  prepare(management);
  const end = new AbortController();
  const named = { namespace: 'ns', cluster: 'demo', identity: 'managed-cluster-agent-1' };
  const bootstrap = { endpoint: 'e', authority: 'c', token: 't', ...named };
  const options = {
    identity: 'pod',
    namespace: AGENT_NAMESPACE,
    metricsPort: 0,
    healthPort: 0,
    helm: 'helm',
    cacheFolder: '/nowhere',
    serviceAccountFolder: '/nowhere',
    debug: false,
  };
  const world = {
    local: {
      api: local.api,
      layers: local.api,
      layersUser: 'layers',
      access: () => Promise.reject(new Error('not asked for')),
    },
    leading: local.api,
    options,
    version: '1.2.3',
    userAgent: 'agent',
    metrics: { passed: () => undefined, depth: () => undefined },
    log: createLogger('error', { write: () => undefined }),
    signal: end.signal,
  };
  const access = { api: management.api, token: () => 't', renewed: () => undefined };
  const over = runSession(world, { bootstrap, management: access }, end.signal);
  try {
    await work({ management, local });
  } finally {
    end.abort();
    await over;
  }
}

function cut(management: PlanServer): void {
  management.link = false;
}

describe('runSession', () => {
  it('copies the plan, and reports to both sides', async () => {
    await inSession(async ({ management, local }) => {
      management.put(shownPlan());
      await until(() => conditionTypes(local.plan()).includes('PlanAccepted'));
      await until(() => conditionTypes(management.plan()).includes('PlanAccepted'));

      expect(nameOf(local.plan() ?? shownPlan())).toBe(`ClusterPlan ${AGENT_NAMESPACE}/demo`);
      expect(conditionTypes(management.plan())).toContain('AgentConnected');
      expect(conditionTypes(local.plan())).not.toContain('AgentConnected');
    });
  });

  it('watches the kinds of a cloud once a plan has named it', async () => {
    await inSession(async ({ management, local }) => {
      await until(() => local.watched.has(CLUSTER_PLAN.kind));
      expect([...local.watched]).toEqual([CLUSTER_PLAN.kind]);

      management.put(shownPlan());
      await until(() => local.watched.has(clouds.docker.machineTemplate.kind));
      expect(local.watched).toContain('Machine');
    });
  });

  it('does not report to the management side before a heartbeat succeeded', async () => {
    await inSession(async ({ management, local }) => {
      management.put(shownPlan());
      await until(() => conditionTypes(local.plan()).includes('PlanAccepted'));

      expect(conditionTypes(management.plan())).toEqual([]);
      management.link = true;
      await until(() => conditionTypes(management.plan()).includes('AgentConnected'));
    }, cut);
  });
});
