import { join } from 'node:path';
import { AGENT_NAMESPACE } from '../lib/apis/agent.ts';
import { recordIn } from '../lib/core/conditions.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import { createController, type Controller, type Result } from '../lib/reconcile/controller.ts';
import type { ControllerMetrics } from '../lib/reconcile/metrics.ts';
import type { LocalAccess, ManagementAccess } from './access.ts';
import type { Bootstrap } from './bootstrap.ts';
import type { Report } from './core/report.ts';
import { CONNECTED } from './core/status.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { LayerEngine } from './layers/engine.ts';
import { createLayers } from './layers/layers.ts';
import { cloudNamed, createObserved, type Observed } from './observed.ts';
import type { Options } from './options.ts';
import { Pass } from './pass.ts';
import { createPlanWatch, type PlanWatch } from './plan-watch.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { runTokenRenewal } from './token-renewal.ts';

/** AgentWorld is what an agent is given. */
export interface AgentWorld {
  readonly local: LocalAccess;
  /** The local API server for writes of the one that leads. */
  readonly leading: KubeApi;
  readonly options: Options;
  readonly version: string;
  readonly userAgent: string;
  readonly metrics: ControllerMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Link is the way to one management side, and the cluster that it is for. */
export interface Link {
  readonly bootstrap: Bootstrap;
  readonly management: ManagementAccess;
}

const KEY = { namespace: '', name: 'pass' };

/** Between two passes, in milliseconds. */
const SPACING_MS = 150;

/** How long the management side is waited for at the end, in milliseconds. */
const PATIENCE_MS = 1000;

/** Session is everything that the agent does for one cluster and one management side. */
export class Session {
  readonly #world: AgentWorld;
  readonly #link: Link;
  readonly #signal: AbortSignal;
  /** The plan on the management side, and the local copy of it. */
  readonly #shown: PlanWatch;
  readonly #copied: PlanWatch;
  readonly #heartbeat: Heartbeat;
  readonly #toManagement: Reporter;
  readonly #toLocal: Reporter;
  readonly #engine: LayerEngine;
  readonly #controller: Controller;
  readonly #running: Promise<void>[] = [];
  #observed: Observed | undefined;

  constructor(world: AgentWorld, link: Link, signal: AbortSignal) {
    this.#world = world;
    this.#link = link;
    this.#signal = signal;
    const { log, metrics, options } = world;
    const { bootstrap, management } = link;
    this.#shown = this.#watchPlan(management.api, bootstrap.namespace, () =>
      this.#toManagement.look(),
    );
    this.#copied = this.#watchPlan(world.local.api, AGENT_NAMESPACE, () => {
      this.#observed ??= this.#observe();
      this.#toLocal.look();
    });
    this.#heartbeat = createHeartbeat(management.api, {
      bootstrap,
      identity: options.identity,
      log,
      onBack: () => {
        this.#shown.again();
        this.#toManagement.look();
      },
    });
    this.#toManagement = this.#reporter('management');
    this.#toLocal = this.#reporter('local');
    this.#engine = this.#layers();
    this.#controller = createController(
      { name: 'agent', reconcile: spaced(this.#pass()) },
      { log, metrics },
    );
  }

  /** Works until the signal, then waits for what is under way. */
  async run(): Promise<void> {
    const { leading: local, log } = this.#world;
    const signal = this.#signal;
    this.#look();
    const over = [this.#shown, this.#heartbeat, this.#toManagement].map((part) => part.run(signal));
    over.push(runTokenRenewal({ local, log, ...this.#link }, signal));
    const here = [this.#copied, this.#toLocal, this.#controller].map((part) => part.run(signal));
    this.#running.push(...here, ...over.map((part) => unlessHung(part, signal)));
    await Promise.all(this.#running);
    await this.#engine.settled();
  }

  #look(): void {
    this.#controller.enqueue(KEY);
  }

  #watchPlan(api: KubeApi, namespace: string, onChange: () => void): PlanWatch {
    const { log } = this.#world;
    const name = this.#link.bootstrap.cluster;
    return createPlanWatch(api, {
      namespace,
      name,
      log,
      onChange: () => {
        onChange();
        this.#look();
      },
    });
  }

  #reporter(side: 'local' | 'management'): Reporter {
    const { leading, version: agentVersion, log } = this.#world;
    const local = side === 'local';
    return createReporter(local ? leading : this.#link.management.api, {
      side,
      agentVersion,
      log,
      plan: () => (local ? this.#copied : this.#shown).plan(),
      isHeard: () => local || this.#heartbeat.isFresh(),
    });
  }

  #layers(): LayerEngine {
    const { local, options, log } = this.#world;
    const { management, bootstrap } = this.#link;
    return createLayers(local, {
      management: management.api,
      namespace: bootstrap.namespace,
      helm: options.helm,
      folder: join(options.cacheFolder, 'helm'),
      serviceAccountFolder: options.serviceAccountFolder,
      log,
      signal: this.#signal,
      onChange: () => this.#look(),
    });
  }

  #pass(): Pass {
    const { leading, log } = this.#world;
    return new Pass({
      local: leading,
      home: AGENT_NAMESPACE,
      namespace: this.#link.bootstrap.namespace,
      shown: () => this.#shown.plan(),
      copied: () => this.#copied.plan(),
      copyKnown: () => this.#copied.hasSynced(),
      observed: () => this.#observed,
      engine: this.#engine,
      log,
      say: (report, generation) => this.#say(report, generation),
    });
  }

  /** That it is connected, the agent says only where it can be heard. */
  #say(report: Report, generation: number | undefined): void {
    this.#toLocal.say(report, generation);
    const conditions = [...report.conditions, CONNECTED];
    this.#toManagement.say({ ...report, conditions }, generation);
  }

  /** Which kinds are watched depends on the cloud that the plan names. */
  #observe(): Observed | undefined {
    const provider = recordIn(this.#copied.plan()?.spec.cluster, 'cloud')?.['provider'];
    const cloud = cloudNamed(provider);
    if (cloud === undefined) return undefined;
    const { local, log } = this.#world;
    const { namespace, cluster } = this.#link.bootstrap;
    const observed = createObserved(local.api, { namespace, cluster }, { cloud, log });
    observed.onChange(() => this.#look());
    this.#running.push(observed.run(this.#signal));
    return observed;
  }
}

/** A request over a link that is cut may hang for long; it is not worth waiting for at the end. */
async function unlessHung(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => setTimeout(resolve, PATIENCE_MS), {
      once: true,
    });
  });
  await Promise.race([work, over]);
}

/** Events come in bursts: one pass answers all of them. */
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
