import type { Docker } from './docker.ts';

/** Role is what Cluster API's Docker backend says that a container of a cluster is. */
export type Role = 'control-plane' | 'worker' | 'external-load-balancer';

/** MachineContainer is a container of a cluster. */
export interface MachineContainer {
  readonly name: string;
  readonly role: Role;
}

/** Its labels (CAPI v1.14, test/infrastructure/docker/internal/docker/util.go). */
const LABELS = { cluster: 'io.x-k8s.kind.cluster', role: 'io.x-k8s.kind.role' } as const;

/** containersOfCluster are its machines and its load balancer, in the order of their addresses. */
export async function containersOfCluster(
  docker: Docker,
  cluster: string,
): Promise<readonly MachineContainer[]> {
  const lines = await docker([
    'ps',
    '--all',
    `--filter=label=${LABELS.cluster}=${cluster}`,
    `--format={{.Names}} {{.Label "${LABELS.role}"}}`,
  ]);
  const found = lines.split('\n').filter((line) => line !== '');
  const addressed = await Promise.all(
    found.map(async (line) => {
      const [name = '', role = ''] = line.split(' ');
      const address = await docker([
        'inspect',
        '--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
        name,
      ]);
      return { name, role: role as Role, last: Number(address.split('.').at(-1)) };
    }),
  );
  return addressed.toSorted((a, b) => a.last - b.last).map(({ name, role }) => ({ name, role }));
}

/**
 * powerCut ends all containers of a cluster at once, as a power cut does, and resolves with what
 * brings some of them back. Docker gives addresses away in the order of starts, so they come back in the
 * order of their addresses.
 */
export async function powerCut(docker: Docker, cluster: string): Promise<PowerCut> {
  const dead = await containersOfCluster(docker, cluster);
  await docker(['kill', ...dead.map(({ name }) => name)]);
  return {
    async restore(...roles) {
      for (const { name } of dead.filter(({ role }) => roles.includes(role))) {
        // oxlint-disable-next-line no-await-in-loop -- in this order
        await docker(['start', name]);
      }
    },
  };
}

/** PowerCut is a cluster without power. */
export interface PowerCut {
  /** Brings back all of some roles. */
  restore(...roles: readonly Role[]): Promise<void>;
}
