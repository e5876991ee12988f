import { setTimeout as delay } from 'node:timers/promises';
import type { NodeContext } from './node-context.ts';
import { persist, RETRY_MS } from './persist.ts';
import type { Pod } from './pod.ts';
import { untolerated } from './taints.ts';

/** SchedulerContext is what a scheduler needs of a node double. */
export interface SchedulerContext extends Pick<NodeContext, 'api' | 'log'> {
  readonly config: Pick<NodeContext['config'], 'node'>;
}

/** Scheduler binds the Pods of a site to its only Node when they tolerate its taints. */
export class Scheduler {
  readonly #context: SchedulerContext;
  readonly #retryMs: number;
  /** Pods that wait to be bound, by uid. */
  readonly #waiting = new Map<string, AbortController>();

  constructor(context: SchedulerContext, retryMs = RETRY_MS) {
    this.#context = context;
    this.#retryMs = retryMs;
  }

  /** Binds a Pod without a Node. A Pod that is passed again is evaluated in its new state. */
  bind(pod: Pod): void {
    const { namespace, name, uid, deletionTimestamp } = pod.metadata;
    this.forget(uid);
    if (deletionTimestamp !== undefined) return;
    const ended = new AbortController();
    this.#waiting.set(uid, ended);
    const { signal } = ended;
    const how = { failing: `cannot bind ${namespace}/${name}`, log: this.#context.log, signal };
    void persist(() => this.#bindWelcome(pod, signal), how).finally(() => {
      if (this.#waiting.get(uid) === ended) this.#waiting.delete(uid);
    });
  }

  /** No longer waits for a Pod: it is gone, or bound. */
  forget(uid: string): void {
    this.#waiting.get(uid)?.abort();
    this.#waiting.delete(uid);
  }

  /** No longer waits for any Pod. */
  stop(): void {
    for (const uid of this.#waiting.keys()) this.forget(uid);
  }

  async #bindWelcome(pod: Pod, signal: AbortSignal): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    await this.#welcome(pod, signal);
    signal.throwIfAborted();
    await this.#context.api.raw('POST', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: this.#context.config.node },
    });
  }

  /** Waits until the Node has no taint that keeps the Pod off. */
  async #welcome(pod: Pod, signal: AbortSignal): Promise<void> {
    const { api, config, log } = this.#context;
    const { namespace, name } = pod.metadata;
    let told = false;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const node = await api.get({ apiVersion: 'v1', kind: 'Node', name: config.node });
      const taint = untolerated(pod, node);
      if (taint === undefined) return;
      if (!told)
        log(`${namespace}/${name} is pending: it does not tolerate the taint ${taint.key}`);
      told = true;
      // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
      await delay(this.#retryMs, undefined, { signal });
    }
  }
}
