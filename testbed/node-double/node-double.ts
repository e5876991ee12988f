import { rmSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '../../lib/core/object.ts';
import { metaTime } from '../../lib/core/time.ts';
import type { NodeContext } from './node-context.ts';
import { persist } from './persist.ts';
import { type Pod, podOf } from './pod.ts';
import { PodRunner } from './pod-runner.ts';
import { Scheduler } from './scheduler.ts';
import { NOT_READY, taintsOf } from './taints.ts';

const POD = { apiVersion: 'v1', kind: 'Pod' };
/** How long containers may take to end when the double itself is stopped. */
const SHUTDOWN_GRACE_S = 5;

/** NodeDouble replaces the scheduler of a site and the kubelet of its only Node. */
export class NodeDouble {
  readonly #context: NodeContext;
  /** By uid. */
  readonly #runners = new Map<string, PodRunner>();
  readonly #scheduler: Scheduler;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#scheduler = new Scheduler(context);
  }

  /** Registers the Node and runs Pods until the signal; then stops all containers. */
  async run(signal: AbortSignal): Promise<void> {
    const { api, log, names, config } = this.#context;
    // Leftovers of a killed double; its containers and networks died with it.
    rmSync(path.join(config.stateDir, 'pods'), { recursive: true, force: true });
    await persist(() => this.#register(), { failing: 'cannot register the Node', log, signal });
    const watching = {
      signal,
      onError: (error: unknown) => log('a watch was interrupted:', error),
    };
    await Promise.all([
      names.follow(api, watching),
      api.watch(POD, ({ type, object }) => this.#take(type, object), watching),
    ]);
    this.#scheduler.stop();
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
    const now = metaTime(new Date());
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
    // The API server adds it to every new Node; the controller that removes it does not run here.
    const taints = taintsOf(await api.get(ref)).filter(({ key }) => key !== NOT_READY);
    await api.patch(ref, { spec: { taints: taints.map((taint) => ({ ...taint })) } });
    this.#context.log(`Node ${config.node} of site ${config.site} is registered`);
  }

  #take(type: string, object: KubeObject): void {
    if (type === 'SYNCED') return;
    const pod = podOf(object);
    const runner = this.#runners.get(pod.metadata.uid);
    if (type !== 'DELETED' && pod.spec.nodeName === undefined) {
      this.#scheduler.bind(pod);
      return;
    }
    this.#scheduler.forget(pod.metadata.uid);
    if (type === 'DELETED') void this.#forget(pod, runner);
    else if (pod.spec.nodeName === this.#context.config.node) this.#keep(pod, runner);
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

  /** Stops a Pod that is being deleted, then deletes its object. */
  async #remove(pod: Pod, runner: PodRunner | undefined): Promise<void> {
    const { namespace, name, uid, deletionGracePeriodSeconds: grace = 30 } = pod.metadata;
    await runner?.stop(grace);
    const { api, log } = this.#context;
    await persist(
      () =>
        api.delete({ ...POD, namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }),
      { failing: `cannot delete ${namespace}/${name}`, log },
    );
  }

  async #forget(pod: Pod, runner: PodRunner | undefined): Promise<void> {
    await runner?.stop(0);
    this.#runners.delete(pod.metadata.uid);
  }
}
