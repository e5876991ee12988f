import type { Docker } from './docker.ts';
import { NODE_NETWORK } from './addresses.ts';
import { flags } from './flags.ts';

/** NodeContainer is a manually created machine, like those of Cluster API's Docker backend. */
export interface NodeContainer {
  readonly name: string;
  readonly image: string;
  readonly address: string;
  /** Path of the engine's socket on the machine. */
  readonly socket: string;
}

/** DOCKER_SOCKET is where Pods of the Docker backend look for the engine, on whatever node they run. */
export const DOCKER_SOCKET = '/var/run/docker.sock';

/** runNode starts it; systemd runs in it when this resolves, or soon after. */
export async function runNode(docker: Docker, node: NodeContainer): Promise<void> {
  await docker([
    'run',
    ...flags({
      detach: true,
      tty: true,
      name: node.name,
      hostname: node.name,
      privileged: true,
      'security-opt': ['seccomp=unconfined', 'apparmor=unconfined'],
      cgroupns: 'private',
      network: NODE_NETWORK.name,
      ip: node.address,
      tmpfs: ['/tmp', '/run'],
      volume: ['/var', '/lib/modules:/lib/modules:ro', `${node.socket}:${DOCKER_SOCKET}`],
    }),
    node.image,
  ]);
}

/** exec runs a command in a node and resolves with what it prints. */
export function exec(docker: Docker, node: string, command: readonly string[]): Promise<string> {
  return docker(['exec', node, ...command]);
}
