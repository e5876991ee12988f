import { NODE_NETWORK } from './addresses.ts';
import type { Docker } from './docker.ts';

/** Role is the role of a container according to Cluster API's Docker backend. */
export type Role = 'control-plane' | 'worker' | 'external-load-balancer';

/** MachineContainer is a container of a cluster. */
export interface MachineContainer {
  readonly name: string;
  readonly role: Role;
}

/** MACHINE_LABELS are its labels, which are kind's too (CAPI v1.14, test/infrastructure/docker/internal/docker/util.go). */
export const MACHINE_LABELS = {
  cluster: 'io.x-k8s.kind.cluster',
  role: 'io.x-k8s.kind.role',
} as const;

/** containersOfCluster are its machines and its load balancer. */
export async function containersOfCluster(
  docker: Docker,
  cluster: string,
): Promise<readonly MachineContainer[]> {
  const lines = await docker([
    'ps',
    '--all',
    `--filter=label=${MACHINE_LABELS.cluster}=${cluster}`,
    `--format={{.Names}} {{.Label "${MACHINE_LABELS.role}"}}`,
  ]);
  const found = lines.split('\n').filter((line) => line !== '');
  return found.map((line) => {
    const [name = '', role = ''] = line.split(' ');
    return { name, role: role as Role };
  });
}

/** PowerCut is a cluster after a power failure. */
export interface PowerCut {
  /** Brings back all machines of some roles, with the addresses that they had. */
  restore(...roles: readonly Role[]): Promise<void>;
}

/** powerCut kills all containers of a cluster at once, like a power failure. */
export async function powerCut(docker: Docker, cluster: string): Promise<PowerCut> {
  const containers = await containersOfCluster(docker, cluster);
  const dead = await Promise.all(
    containers.map(async ({ name, role }) => ({
      name,
      role,
      address: await addressOf(docker, name),
    })),
  );
  await docker(['kill', ...dead.map(({ name }) => name)]);
  return {
    async restore(...roles) {
      for (const { name, address } of dead.filter(({ role }) => roles.includes(role))) {
        // oxlint-disable-next-line no-await-in-loop -- a moment each
        await startAt(docker, name, address);
      }
    },
  };
}

/** By default Docker assigns the lowest free address to a starting container. */
async function startAt(docker: Docker, name: string, address: string): Promise<void> {
  await docker(['network', 'disconnect', '--force', NODE_NETWORK.name, name]);
  await docker(['network', 'connect', `--ip=${address}`, NODE_NETWORK.name, name]);
  await docker(['start', name]);
}

async function addressOf(docker: Docker, name: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return docker(['inspect', `--format=${format}`, name]);
}
