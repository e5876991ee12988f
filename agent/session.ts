import { join } from 'node:path';
import { AGENT_NAMESPACE } from '../lib/apis/agent.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import { createController, type Controller, type Result } from '../lib/reconcile/controller.ts';
import type { ControllerMetrics } from '../lib/reconcile/metrics.ts';
import { runAccessKeeper } from './access-keeper.ts';
import type { LocalAccess, ManagementAccess } from './access.ts';
import type { Bootstrap } from './bootstrap.ts';
import { CONNECTED } from './core/status.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { LayerEngine } from './layers/engine.ts';
import { createLayers } from './layers/layers.ts';
import { createObservedByPlan, type ObservedByPlan } from './observed.ts';
import type { Options } from './options.ts';
import { Pass, type PassParts } from './pass.ts';
import { createPlanWatch, type PlanWatch } from './plan-watch.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { runTokenRenewal } from './token-renewal.ts';
import { Topic } from './topic.ts';

/** AgentWorld is the environment of an agent. */
export interface AgentWorld {
  readonly local: LocalAccess;
  /** The local API server, for writes while this agent leads. */
  readonly leading: KubeApi;
  readonly options: Options;
  readonly version: string;
  readonly userAgent: string;
  readonly metrics: ControllerMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Link is the connection to one management side, and the cluster that it is for. */
export interface Link {
  readonly bootstrap: Bootstrap;
  readonly management: ManagementAccess;
}

const KEY = { namespace: '', name: 'pass' };

/** Minimum interval between two passes, in milliseconds. */
const SPACING_MS = 150;

/** Timeout for requests to the management side at shutdown, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * runSession runs the agent for one cluster and one management side until the signal; then it waits for
 * running work.
 */
export async function runSession(
  world: AgentWorld,
  link: Link,
  signal: AbortSignal,
): Promise<void> {
  const topics = createTopics();
  const watched = watchedParts(world, link, topics);
  const reporters = reportersOf(world, link, watched);
  const engine = layerEngine(world, link, topics, signal);
  const pass = new Pass(passParts(world, link, { ...watched, ...reporters, engine }));
  const { log, metrics, leading: local } = world;
  const controller = createController({ name: 'agent', reconcile: spaced(pass) }, { log, metrics });

  connect(topics, { ...watched, ...reporters, controller });
  controller.enqueue(KEY);

  const { shown, copied, heartbeat, observed } = watched;
  const { toManagement, toLocal } = reporters;
  const hanging = [shown, heartbeat, toManagement, observed].map((part) => part.run(signal));
  hanging.push(runTokenRenewal({ local, log, ...link }, signal));
  hanging.push(runAccessKeeper(local, link.bootstrap, log, signal));
  await Promise.all([
    ...[copied, toLocal, controller].map((part) => part.run(signal)),
    ...hanging.map((part) => unlessHung(part, signal)),
  ]);
  await engine.settled();
}

/** Topics are the events between parts; they are created first, so that each part is complete when created. */
interface Topics {
  /** The plan on the management side. */
  readonly planShown: Topic;
  /** The local copy of the plan. */
  readonly planCopied: Topic;
  /** The connection to the management side is restored. */
  readonly linkBack: Topic;
  /** Layers and Cluster API objects. */
  readonly work: Topic;
}

function createTopics(): Topics {
  return {
    planShown: new Topic(),
    planCopied: new Topic(),
    linkBack: new Topic(),
    work: new Topic(),
  };
}

interface Watched {
  readonly shown: PlanWatch;
  readonly copied: PlanWatch;
  readonly observed: ObservedByPlan;
  readonly heartbeat: Heartbeat;
}

interface Reporters {
  readonly toManagement: Reporter;
  readonly toLocal: Reporter;
}

/** The only place that subscribes parts to topics, in this order. */
function connect(topics: Topics, parts: Watched & Reporters & { controller: Controller }): void {
  const { shown, copied, observed, toManagement, toLocal, controller } = parts;
  function look(): void {
    controller.enqueue(KEY);
  }
  topics.planShown.subscribe(toManagement.look, look);
  topics.planCopied.subscribe(() => observed.follow(copied.plan()), toLocal.look, look);
  topics.linkBack.subscribe(shown.again, toManagement.look);
  topics.work.subscribe(look);
}

function watchedParts(world: AgentWorld, { bootstrap, management }: Link, topics: Topics): Watched {
  const { local, options, log } = world;
  const { namespace, cluster } = bootstrap;
  const plan = { name: cluster, log };
  return {
    shown: createPlanWatch(management.api, {
      ...plan,
      namespace,
      onChange: topics.planShown.publish,
    }),
    copied: createPlanWatch(local.api, {
      ...plan,
      namespace: AGENT_NAMESPACE,
      onChange: topics.planCopied.publish,
    }),
    observed: createObservedByPlan(
      local.api,
      { namespace, cluster },
      { log, onChange: topics.work.publish },
    ),
    heartbeat: createHeartbeat(management.api, {
      bootstrap,
      identity: options.identity,
      log,
      onBack: topics.linkBack.publish,
    }),
  };
}

function reportersOf(
  { leading, version: agentVersion, log }: AgentWorld,
  { management }: Link,
  { shown, copied, heartbeat }: Watched,
): Reporters {
  return {
    toManagement: createReporter(management.api, {
      side: 'management',
      agentVersion,
      log,
      plan: shown.plan,
      again: shown.again,
      isHeard: heartbeat.isFresh,
    }),
    toLocal: createReporter(leading, {
      side: 'local',
      agentVersion,
      log,
      plan: copied.plan,
      again: copied.again,
      isHeard: () => true,
    }),
  };
}

function layerEngine(
  { local, options, log }: AgentWorld,
  { management, bootstrap }: Link,
  { work }: Topics,
  signal: AbortSignal,
): LayerEngine {
  return createLayers(local, {
    management: management.api,
    namespace: bootstrap.namespace,
    helm: options.helm,
    folder: join(options.cacheFolder, 'helm'),
    serviceAccountFolder: options.serviceAccountFolder,
    log,
    signal,
    onChange: work.publish,
  });
}

function passParts(
  { leading, log }: AgentWorld,
  { bootstrap }: Link,
  parts: Watched & Reporters & { readonly engine: LayerEngine },
): PassParts {
  const { shown, copied, observed, toLocal, toManagement, engine } = parts;
  return {
    local: leading,
    home: AGENT_NAMESPACE,
    namespace: bootstrap.namespace,
    shown: shown.plan,
    copied: copied.plan,
    copyKnown: copied.hasSynced,
    observed: observed.current,
    engine,
    log,
    say(report, generation, offer): void {
      toLocal.say(report, generation);
      // The agent reports AgentConnected only to the management side.
      const conditions = [...report.conditions, CONNECTED];
      toManagement.say({ ...report, conditions }, generation, offer);
    },
  };
}

/** A request over a broken connection may hang; shutdown does not wait for it. */
async function unlessHung(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => setTimeout(resolve, PATIENCE_MS), {
      once: true,
    });
  });
  await Promise.race([work, over]);
}

/** Events come in bursts: one pass handles all of them. */
function spaced(pass: Pass): () => Promise<Result> {
  let endedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const rest = endedAt + SPACING_MS - performance.now();
    if (rest > 0) return { requeueAfterMs: rest };
    try {
      return { requeueAfterMs: await pass.run() };
    } finally {
      endedAt = performance.now();
    }
  };
}
