import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { clientFromFile } from '../../lib/kube/client.ts';
import { ClusterNames } from './cluster-names.ts';
import { readConfig } from './config.ts';
import { PodNetworks } from './network.ts';
import { NodeDouble } from './node-double.ts';

/** What the Node says that it has; nothing is measured or held back. */
const CAPACITY = { cpu: '8', memory: '16Gi', pods: '200' };

function log(text: string, error?: unknown): void {
  const why = error === undefined ? '' : ` ${reasonOf(error)}`;
  process.stdout.write(`${new Date().toISOString()} ${text}${why}\n`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}

/** Runs the double until SIGTERM or SIGINT: `main.js <config.json>`, inside the site's network namespace. */
async function main(): Promise<void> {
  const [, , file] = process.argv;
  if (file === undefined) throw new Error('usage: node main.js <config.json>');
  const config = await readConfig(file);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopping.abort());
  }
  const double = new NodeDouble({
    config,
    api: clientFromFile(config.kubeconfig, undefined, { userAgent: `node-double/${config.node}` }),
    networks: new PodNetworks(config.subnet),
    names: new ClusterNames(config.hosts),
    uidMap: readFileSync('/proc/self/uid_map', 'utf8'),
    capacity: CAPACITY,
    log,
  });
  await double.run(stopping.signal);
  log('all containers are stopped');
}

try {
  await main();
  process.exit(0);
} catch (error) {
  log('the node double failed:', error);
  process.exit(1);
}
