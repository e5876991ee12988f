import { join } from 'node:path';
import type { WorldContext } from '../world-context.ts';
import { NODE_NETWORK } from './addresses.ts';
import { dockerAt, type Docker } from './docker.ts';
import { createNetwork, type Engine } from './engine.ts';
import { WORLD_LABEL } from './images.ts';

const OURS = ['--filter', `label=${WORLD_LABEL}`] as const;

/** useEngine makes the network of nodes in an engine of the machine, and removes what a killed world has left there. */
export async function useEngine(context: WorldContext, socket: string): Promise<Engine> {
  const docker = engineOfMachine(socket, context.folder);
  await removeWorld(docker);
  if (!(await networks(docker)).includes(NODE_NETWORK.name)) await createNetwork(docker);
  return { docker, socket, stop: () => removeWorld(docker) };
}

/** engineOfMachine is the command line for the engine at a socket; `folder` keeps its settings. */
export function engineOfMachine(socket: string, folder: string): Docker {
  return dockerAt(`unix://${socket}`, join(folder, 'docker-config'));
}

/**
 * removeWorld removes the containers of worlds with their volumes, and their network unless it has other
 * containers by now. All containers, including those of Cluster API, have the label from their images. The
 * images are kept for the next world.
 */
export async function removeWorld(docker: Docker): Promise<void> {
  const containers = await lines(docker, ['ps', '--all', '--quiet', ...OURS]);
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  if ((await networks(docker, OURS)).length === 0) return;
  const { name } = NODE_NETWORK;
  const others = await lines(docker, ['ps', '--all', '--quiet', '--filter', `network=${name}`]);
  if (others.length === 0) await docker(['network', 'rm', name]);
}

/** worldContainers are the names of all containers of worlds, also of those that do not run. */
export function worldContainers(docker: Docker): Promise<readonly string[]> {
  return lines(docker, ['ps', '--all', '--format', '{{.Names}}', ...OURS]);
}

function networks(docker: Docker, filter: readonly string[] = []): Promise<readonly string[]> {
  return lines(docker, ['network', 'ls', '--format', '{{.Name}}', ...filter]);
}

async function lines(docker: Docker, command: readonly string[]): Promise<readonly string[]> {
  return (await docker(command)).split('\n').filter((line) => line !== '');
}
