import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { killPods } from './pods.ts';
import type { ManagedProcess } from './processes.ts';
import { backUp, restore } from './site/backup.ts';
import type { Site } from './site/site.ts';
import type { Stage } from './stage.ts';

/** Control lets tests, which are separate processes, control the world that they run in. */
export interface Control {
  readonly url: string;
  close(): void;
}

type Act = (process: ManagedProcess) => Promise<void> | void;

const ACTS: Readonly<Record<string, Act>> = {
  start: (process) => process.start(),
  stop: (process) => process.stop(),
  restart: (process) => process.restart(),
  kill: (process) => process.restart('kill'),
  crash: (process) => process.kill('SIGKILL'),
};

/** ProcessName is a process of the world that tests can control. */
export type ProcessName = keyof ReturnType<typeof processesOf>;

/**
 * Serves on loopback; a response is sent when the action is complete:
 * - `POST /<process>/<start|stop|restart|kill|crash>`: `kill` is SIGKILL and a new start, `crash`
 *   SIGKILL alone;
 * - `POST /link/<cut|join>`;
 * - `POST /<backup|restore>/<m|w>?name=<name>`: keeps the data of a site's etcd, sets it back;
 * - `POST /pods/<m|w>?prefix=<namespace/name…>` kills the containers of Pods; the node starts them again.
 */
export async function startControl(world: Stage): Promise<Control> {
  const server = createServer((request, response) => {
    act(world, new URL(request.url ?? '', 'http://control')).then(
      () => response.end('ok'),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  return listening(server);
}

async function listening(server: Server): Promise<Control> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function act(world: Stage, { pathname, searchParams }: URL): Promise<void> {
  const [, name = '', what = ''] = pathname.split('/');
  const other = OTHERS[name];
  if (other !== undefined) return other(world, what, searchParams);
  const processes: Readonly<Record<string, ManagedProcess>> = processesOf(world);
  const [process, perform] = [processes[name], ACTS[what]];
  if (process === undefined || perform === undefined)
    throw new Error(`unknown action: ${pathname}`);
  return perform(process);
}

/** What is not done to a single process. */
const OTHERS: Readonly<
  Record<string, (world: Stage, what: string, query: URLSearchParams) => Promise<void> | void>
> = {
  link: ({ link }, what) => (what === 'cut' ? link.cut() : link.join()),
  pods: (world, site, query) => endPods(world, site, query.get('prefix') ?? ''),
  backup: (world, site, query) => backUp(siteOf(world, site), query.get('name') ?? ''),
  restore: (world, site, query) => restore(siteOf(world, site), query.get('name') ?? ''),
};

function siteOf({ sites }: Stage, name: string): Site {
  return name === 'm' ? sites.management : sites.workload;
}

async function endPods(world: Stage, site: string, prefix: string): Promise<void> {
  const killed = await killPods(siteOf(world, site), prefix);
  if (killed === 0)
    throw new Error(`site ${site} has no running Pod with the name prefix ${prefix}`);
}

/** processesOf are all processes of a stage by the names that tests know them by. */
export function processesOf(world: Stage): Readonly<{
  crossplane: ManagedProcess;
  rbacManager: ManagedProcess;
  function: ManagedProcess;
  provider: ManagedProcess;
  provider2: ManagedProcess;
  cloud: ManagedProcess;
  apiServer: ManagedProcess;
  etcd: ManagedProcess;
  controllerManager: ManagedProcess;
  workloadApiServer: ManagedProcess;
  workloadEtcd: ManagedProcess;
  workloadControllerManager: ManagedProcess;
}> {
  const { core, rbacManager } = world.crossplane;
  const { management, workload } = world.sites;
  return {
    crossplane: core,
    rbacManager,
    function: world.crossplane.function,
    provider: world.provider.first,
    provider2: world.provider.second,
    cloud: world.cloud.process,
    apiServer: management.processes.apiServer,
    etcd: management.processes.etcd,
    controllerManager: management.processes.controllerManager,
    workloadApiServer: workload.processes.apiServer,
    workloadEtcd: workload.processes.etcd,
    workloadControllerManager: workload.processes.controllerManager,
  };
}
