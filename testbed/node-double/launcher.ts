import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { keyedReader } from './cluster-sources.ts';
import { binaryOf, type ImageBinary } from './config.ts';
import { type ContainerProcess, startContainer } from './container-process.ts';
import { environment, expand } from './env.ts';
import type { NodeContext } from './node-context.ts';
import type { PodNetwork } from './network.ts';
import { type Addresses, type Container, type Pod, StartError } from './pod.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { canBecome, type User, userOf } from './user.ts';
import { type Bind, bindsOf } from './volumes.ts';

/** PodPlace is where a Pod lives: its folder, network and volumes. */
export interface PodPlace {
  readonly pod: Pod;
  readonly folder: string;
  readonly network: PodNetwork;
  readonly at: Addresses;
  readonly volumes: PodVolumes;
}

/** Launcher starts the containers of one Pod. */
export class Launcher {
  readonly #context: NodeContext;
  readonly #place: PodPlace;

  constructor(context: NodeContext, place: PodPlace) {
    this.#context = context;
    this.#place = place;
  }

  /** Makes volumes and hosts file. Fails with StartError when a Secret or the like is missing. */
  async prepare(): Promise<void> {
    const { pod, network, volumes } = this.#place;
    await volumes.refresh();
    const own = {
      address: network.address,
      names: [...new Set([this.#hostname, pod.metadata.name])],
    };
    this.#context.names.attach(this.#hostsFile, own);
  }

  /** Brings the files of the volumes up to date. */
  refresh(): Promise<void> {
    return this.#place.volumes.refresh();
  }

  /** Starts a container. Fails with StartError when it cannot be started as specified. */
  async start(container: Container): Promise<ContainerProcess> {
    const { pod, folder, network } = this.#place;
    const binary = this.#binary(container);
    const env = await this.#environment(container, binary);
    const command = container.command ?? binary.entrypoint ?? [binary.at];
    const launch = {
      root: path.join(folder, `root-${container.name}`),
      hostname: this.#hostname,
      holder: network.holder,
      binds: [...this.#mounts(container), ...binaryBinds(binary), this.#hostsBind()],
      user: this.#user(container),
      workingDir: container.workingDir ?? '/',
      argv: [...command, ...(container.args ?? [])].map((text) => expand(text, env)),
    };
    const logs = path.join(this.#context.config.stateDir, 'logs');
    mkdirSync(logs, { recursive: true });
    const { namespace, name } = pod.metadata;
    return startContainer(
      launch,
      env,
      path.join(logs, `${namespace}_${name}_${container.name}.log`),
    );
  }

  get #hostname(): string {
    const { spec, metadata } = this.#place.pod;
    if (spec.hostNetwork === true) return this.#context.config.node;
    return spec.hostname ?? metadata.name;
  }

  get #hostsFile(): string {
    return path.join(this.#place.folder, 'hosts');
  }

  #hostsBind(): Bind {
    return { source: this.#hostsFile, target: '/etc/hosts', readOnly: false };
  }

  #binary(container: Container): ImageBinary {
    const binary = binaryOf(this.#context.config.images, container.image);
    if (binary === undefined) {
      throw new StartError(
        'NoBinaryForImage',
        `the node double has no binary for image "${container.image}": add it to "images" in its configuration`,
      );
    }
    if (!existsSync(binary.bin)) {
      throw new StartError(
        'NoBinaryForImage',
        `${binary.bin} for image "${container.image}" does not exist: build it`,
      );
    }
    return binary;
  }

  #mounts(container: Container): readonly Bind[] {
    const { pod, volumes } = this.#place;
    const binds = bindsOf(pod, container, { folder: volumes.folder, exists: existsSync });
    // Only the folder of a `subPath` can be missing here.
    for (const { source } of binds) if (!existsSync(source)) mkdirSync(source, { recursive: true });
    return binds;
  }

  #user(container: Container): User | undefined {
    const user = userOf(this.#place.pod, container);
    return canBecome(user.uid, this.#context.uidMap) ? user : undefined;
  }

  #environment(container: Container, binary: ImageBinary): Promise<Record<string, string>> {
    const { pod, at } = this.#place;
    const [host = '', port = ''] = this.#context.config.apiServer.split(':');
    return environment(pod, container, {
      at,
      read: keyedReader(this.#context.api, pod.metadata.namespace),
      allocatable: this.#context.capacity,
      base: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/',
        HOSTNAME: this.#hostname,
        KUBERNETES_SERVICE_HOST: host,
        KUBERNETES_SERVICE_PORT: port,
        KUBERNETES_SERVICE_PORT_HTTPS: port,
        ...binary.env,
      },
    });
  }
}

function binaryBinds({ bin, at, binds = [] }: ImageBinary): readonly Bind[] {
  const pairs = [[bin, at] as const, ...binds];
  return pairs.map(([source, target]) => ({ source, target, readOnly: true }));
}
