import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ManagedProcess } from './processes.ts';
import type { World } from './world.ts';

/** Control lets tests, which are processes of their own, act on the world that they run in. */
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
};

/**
 * Serves `POST /<process>/<start|stop|restart|kill>` and `POST /link/<cut|join>` on loopback; the
 * answer comes when it is done. `kill` is SIGKILL and a new start.
 */
export async function startControl(world: World): Promise<Control> {
  const server = createServer((request, response) => {
    act(world, request.url ?? '').then(
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

async function act(world: World, path: string): Promise<void> {
  const [, name = '', what = ''] = path.split('/');
  if (name === 'link') return what === 'cut' ? world.link.cut() : world.link.join();
  const process = processesOf(world)[name];
  const perform = ACTS[what];
  if (process === undefined || perform === undefined) throw new Error(`no such act: ${path}`);
  return perform(process);
}

function processesOf(world: World): Readonly<Record<string, ManagedProcess>> {
  const { core, rbacManager } = world.crossplane;
  const { apiServer, etcd, controllerManager } = world.sites.management.processes;
  return {
    crossplane: core,
    rbacManager,
    function: world.crossplane.function,
    apiServer,
    etcd,
    controllerManager,
  };
}
