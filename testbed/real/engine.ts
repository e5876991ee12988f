import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, type WorldContext } from '../world-context.ts';
import { NODE_NETWORK } from './addresses.ts';
import { dockerAt, type Docker } from './docker.ts';
import { flags } from './flags.ts';
import { WORLD_LABEL } from './images.ts';

/** Engine is a Docker engine with the network of the nodes: one of the world's own, or the machine's. */
export interface Engine {
  readonly docker: Docker;
  /** Path of its socket on the machine: nodes mount it. */
  readonly socket: string;
  /** Removes all containers of the world with their volumes, and ends an engine of its own; the images stay. */
  stop(): Promise<void>;
}

/** CGROUP_PARENT is the cgroup of all containers; who made the namespaces removes it in the end. */
export const CGROUP_PARENT = '/managed-cluster-world';

/**
 * startEngine starts an engine in the namespaces of this process, with its images in a folder that
 * may outlive it. Root only. What runs in the folder already makes it fail.
 */
export async function startEngine(context: WorldContext, folder: string): Promise<Engine> {
  const socket = join(context.folder, 'docker.sock');
  const docker = dockerAt(`unix://${socket}`, join(context.folder, 'docker-config'));
  mkdirSync(folder, { recursive: true });
  // Of this network namespace, not of the machine.
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  const process = context.process({
    name: 'dockerd',
    command: [
      'dockerd',
      ...flags({
        'data-root': folder,
        'exec-root': join(context.folder, 'docker'),
        pidfile: join(context.folder, 'docker.pid'),
        host: docker.host,
        bip: '172.30.0.1/24',
        'ip-masq': 'false',
        'storage-driver': 'overlay2',
        'exec-opt': 'native.cgroupdriver=cgroupfs',
        'cgroup-parent': CGROUP_PARENT,
        'add-runtime': `limited=${binary(context, 'runc-caps')}`,
        'default-runtime': 'limited',
      }),
    ],
    ready: async () => (await docker(['version', '--format', '{{.Server.Version}}'])) !== '',
  });
  await process.start();
  await removeContainers(docker);
  const known = await docker(['network', 'ls', '--format', '{{.Name}}']);
  const { name } = NODE_NETWORK;
  if (known.split('\n').includes(name)) await docker(['network', 'rm', name]);
  await createNetwork(docker);
  return {
    docker,
    socket,
    async stop() {
      await removeContainers(docker);
      await process.stop();
    },
  };
}

async function removeContainers(docker: Docker): Promise<void> {
  const ids = (await docker(['ps', '--all', '--quiet'])).split('\n').filter((id) => id !== '');
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
  await docker(['volume', 'prune', '--force']);
}

/** createNetwork makes the network of nodes. Nothing is pulled from outside, so none of them gets there. */
export async function createNetwork(docker: Docker): Promise<void> {
  const { name, subnet, gateway, machines } = NODE_NETWORK;
  const network = flags({
    subnet,
    gateway,
    'ip-range': machines,
    opt: 'com.docker.network.bridge.enable_ip_masquerade=false',
    label: `${WORLD_LABEL}=network`,
  });
  await docker(['network', 'create', ...network, name]);
}
