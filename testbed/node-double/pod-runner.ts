import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { metaTime } from '../../lib/core/time.ts';
import { ContainerKeeper } from './container-keeper.ts';
import { Launcher } from './launcher.ts';
import type { NodeContext } from './node-context.ts';
import type { PodNetwork } from './network.ts';
import { type Container, type Pod, StartError } from './pod.ts';
import { PodVolumes } from './pod-volumes.ts';
import { type ContainerRecord, CREATING } from './status.ts';
import { StatusWriter } from './status-writer.ts';

const RETRY_MS = 1000;
/** How often Secrets, ConfigMaps and tokens are looked at again; a kubelet takes about as long. */
const REFRESH_MS = 60_000;

/** PodRunner runs one Pod from its binding to its end. */
export class PodRunner {
  readonly #context: NodeContext;
  readonly #pod: Pod;
  readonly #folder: string;
  readonly #stopping = new AbortController();
  readonly #records = new Map<string, ContainerRecord>();
  readonly #keepers: ContainerKeeper[] = [];
  #network: PodNetwork | undefined;
  #writer: StatusWriter | undefined;
  #running: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  constructor(context: NodeContext, pod: Pod) {
    this.#context = context;
    this.#pod = pod;
    this.#folder = path.join(context.config.stateDir, 'pods', pod.metadata.uid);
  }

  /** Starts the Pod; errors are shown in its status and retried. */
  start(): void {
    this.#running ??= this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#context.log(`${this.#name} failed:`, error);
    });
  }

  /**
   * Ends the containers (SIGTERM, then SIGKILL after the grace in seconds) and removes all that was
   * made for the Pod. The object in the API server stays.
   */
  stop(graceSeconds: number): Promise<void> {
    this.#ended ??= this.#end(graceSeconds);
    return this.#ended;
  }

  get #name(): string {
    return `${this.#pod.metadata.namespace}/${this.#pod.metadata.name}`;
  }

  async #run(): Promise<void> {
    const { hostNetwork = false, initContainers = [], containers } = this.#pod.spec;
    mkdirSync(this.#folder, { recursive: true });
    const { networks } = this.#context;
    this.#network = hostNetwork ? networks.ofHost() : await networks.open();
    if (this.#stopping.signal.aborted) return;
    const writer = this.#begin(this.#network);
    const launcher = this.#launcher(this.#network);
    await this.#prepare(launcher, writer);
    for (const container of initContainers) {
      const keeper = this.#keeper(container, { launcher, writer, init: true });
      if ((await keeper.run()) !== 0) return;
    }
    const keepers = containers.map((each) => this.#keeper(each, { launcher, writer, init: false }));
    await Promise.all(keepers.map((keeper) => keeper.run()));
  }

  #begin(network: PodNetwork): StatusWriter {
    const { networks } = this.#context;
    this.#writer = new StatusWriter(this.#context, this.#pod, {
      podIP: network.address,
      hostIP: networks.host,
      startTime: metaTime(new Date()),
      containers: this.#records,
    });
    this.#context.log(`${this.#name} starts at ${network.address}`);
    return this.#writer;
  }

  #launcher(network: PodNetwork): Launcher {
    const at = {
      podIP: network.address,
      hostIP: this.#context.networks.host,
      nodeName: this.#context.config.node,
    };
    const volumes = new PodVolumes(path.join(this.#folder, 'volumes'), {
      pod: this.#pod,
      at,
      api: this.#context.api,
    });
    return new Launcher(this.#context, {
      pod: this.#pod,
      folder: this.#folder,
      network,
      at,
      volumes,
    });
  }

  /** Makes the volumes, until that works; then keeps them fresh. */
  async #prepare(launcher: Launcher, writer: StatusWriter): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await launcher.prepare();
        break;
      } catch (error) {
        this.#explain(error, writer);
        await delay(RETRY_MS, undefined, { signal });
      }
    }
    signal.throwIfAborted();
    const timer = setInterval(() => {
      launcher.refresh().catch((error: unknown) => {
        this.#context.log(`${this.#name}: cannot refresh volumes:`, error);
      });
    }, REFRESH_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  #explain(error: unknown, writer: StatusWriter): void {
    const reason = error instanceof StartError ? error.reason : 'ContainerCreating';
    const message = error instanceof Error ? error.message : String(error);
    for (const { name } of this.#pod.spec.containers) {
      this.#records.set(name, { ...CREATING, state: { waiting: { reason, message } } });
    }
    writer.publish();
  }

  #keeper(
    container: Container,
    given: { readonly launcher: Launcher; readonly writer: StatusWriter; readonly init: boolean },
  ): ContainerKeeper {
    const { launcher, writer, init } = given;
    const keeper = new ContainerKeeper({
      pod: this.#pod,
      container,
      init,
      address: this.#network?.address ?? '',
      launcher,
      signal: this.#stopping.signal,
      tell: (record) => {
        this.#records.set(container.name, record);
        writer.publish();
      },
      log: (text) => this.#context.log(`${this.#name} ${container.name}: ${text}`),
    });
    this.#keepers.push(keeper);
    return keeper;
  }

  async #end(graceSeconds: number): Promise<void> {
    this.#stopping.abort();
    this.#context.log(`${this.#name} stops`);
    this.#writer?.close();
    await Promise.all(this.#keepers.map((keeper) => keeper.stop(graceSeconds)));
    await this.#running;
    this.#network?.close();
    this.#context.names.detach(path.join(this.#folder, 'hosts'));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
