import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../lib/core/object.ts';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import type { NodeContext } from './node-context.ts';
import { type Pod, podOf } from './pod.ts';
import { PodRunner } from './pod-runner.ts';
import { NOT_READY, taintsOf, untolerated } from './taints.ts';

const POD = { apiVersion: 'v1', kind: 'Pod' };
const RETRY_MS = 500;
/** How long containers may take to end when the double itself is stopped. */
const SHUTDOWN_GRACE_S = 5;

const NEVER = new AbortController().signal;

/** NodeDouble stands for the scheduler of a site and the kubelet of its one Node. */
export class NodeDouble {
  readonly #context: NodeContext;
  /** By uid. */
  readonly #runners = new Map<string, PodRunner>();

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** Registers the Node and runs Pods until the signal; then stops all containers. */
  async run(signal: AbortSignal): Promise<void> {
    const { api, log, names, config } = this.#context;
    // What a double that was killed left behind; its containers and networks died with it.
    rmSync(path.join(config.stateDir, 'pods'), { recursive: true, force: true });
    await this.#persist('the Node is not registered', () => this.#register(), signal);
    const watching = {
      signal,
      onError: (error: unknown) => log('a watch was interrupted:', error),
    };
    await Promise.all([
      names.follow(api, watching),
      api.watch(POD, ({ type, object }) => this.#take(type, object), watching),
    ]);
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop(SHUTDOWN_GRACE_S)));
  }

  async #register(): Promise<void> {
    const { api, config, networks, capacity } = this.#context;
    const ref = { apiVersion: 'v1', kind: 'Node', name: config.node };
    const labels = {
      'kubernetes.io/hostname': config.node,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
    };
    if ((await api.get(ref)) === undefined) {
      await api.create({ ...ref, metadata: { name: config.node, labels } });
    }
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const status = {
      capacity,
      allocatable: capacity,
      addresses: [{ type: 'InternalIP', address: networks.host }],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'NodeDoubleReady',
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
    };
    await api.patch(ref, { status }, { subresource: 'status' });
    // The API server adds it to every new Node; the controller that takes it away does not run here.
    const taints = taintsOf(await api.get(ref)).filter(({ key }) => key !== NOT_READY);
    await api.patch(ref, { spec: { taints: taints.map((taint) => ({ ...taint })) } });
    this.#context.log(`Node ${config.node} of site ${config.site} is registered`);
  }

  #take(type: string, object: KubeObject): void {
    if (type === 'SYNCED') return;
    const pod = podOf(object);
    const runner = this.#runners.get(pod.metadata.uid);
    if (type === 'DELETED') void this.#forget(pod, runner);
    else if (pod.spec.nodeName === undefined) this.#bind(pod);
    else if (pod.spec.nodeName === this.#context.config.node) this.#keep(pod, runner);
  }

  #bind(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    const { namespace, name, uid } = pod.metadata;
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: this.#context.config.node },
    };
    const url = `/api/v1/namespaces/${namespace}/pods/${name}/binding`;
    void this.#persist(`${namespace}/${name} is not bound`, async () => {
      await this.#welcome(pod);
      await this.#context.api.raw('POST', url, binding);
    });
  }

  /** Waits until the Node has no taint that keeps the Pod off, as a scheduler does. */
  async #welcome(pod: Pod): Promise<void> {
    const { api, config, log } = this.#context;
    const { namespace, name } = pod.metadata;
    let told = false;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const node = await api.get({ apiVersion: 'v1', kind: 'Node', name: config.node });
      const taint = untolerated(pod, node);
      if (taint === undefined) return;
      if (!told) log(`${namespace}/${name} waits: it does not tolerate ${taint.key}`);
      told = true;
      // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
      await delay(RETRY_MS);
    }
  }

  #keep(pod: Pod, runner: PodRunner | undefined): void {
    if (pod.metadata.deletionTimestamp !== undefined) {
      void this.#remove(pod, runner);
      return;
    }
    const over = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (runner !== undefined || over) return;
    const started = new PodRunner(this.#context, pod);
    this.#runners.set(pod.metadata.uid, started);
    started.start();
  }

  /** Ends a Pod that is being deleted, then takes its object away. */
  async #remove(pod: Pod, runner: PodRunner | undefined): Promise<void> {
    const { namespace, name, uid, deletionGracePeriodSeconds: grace = 30 } = pod.metadata;
    await runner?.stop(grace);
    const { api } = this.#context;
    await this.#persist(`${namespace}/${name} is not deleted`, () =>
      api.delete({ ...POD, namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }),
    );
  }

  async #forget(pod: Pod, runner: PodRunner | undefined): Promise<void> {
    await runner?.stop(0);
    this.#runners.delete(pod.metadata.uid);
  }

  /** Does something, until it works or makes no sense any longer: the object is gone or another one. */
  async #persist(failing: string, action: () => Promise<unknown>, signal = NEVER): Promise<void> {
    while (!signal.aborted) {
      try {
        await action();
        return;
      } catch (error) {
        if (isNotFound(error) || isConflict(error)) return;
        this.#context.log(`${failing}:`, error);
        await delay(RETRY_MS);
      }
    }
  }
}
