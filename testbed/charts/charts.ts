import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { productRoot } from '../../lib/program/product-files.ts';
import { portAnswers } from '../crossplane/port.ts';
import { CLOUD, CLOUD_ADDRESS } from '../network/address-plan.ts';
import type { ImageBinary } from '../node-double/config.ts';
import type { Host } from '../node-double/hosts.ts';
import type { ManagedProcess } from '../processes.ts';
import { builtFile } from '../built-file.ts';
import { binary, type WorldContext } from '../world-context.ts';

const PORT = 80;

/** CHARTS_HOST is the name by which Pods of every site reach the chart repository. */
export const CHARTS_HOST: Host = { address: CLOUD_ADDRESS, names: ['charts.example'] };

/** Folders beside this file that are charts. */
const CHARTS = ['hello', 'web', 'defaults'] as const;

/** The script of the chart's container: it prints a greeting and waits for its termination. */
const SCRIPT = `trap 'exit 0' TERM; echo "$GREETING"; while :; do sleep 1 & wait $!; done`;

/** The images of the charts, for the node double. */
export const CHART_IMAGES: Readonly<Record<string, ImageBinary>> = {
  'registry.example/hello': {
    bin: '/bin/sh',
    at: '/hello',
    entrypoint: ['/bin/sh', '-c', SCRIPT],
  },
};

/**
 * startCharts serves the charts as a Helm repository at http://charts.example, which lies beside the
 * pretend cloud: sites reach it when the link between them is cut, too.
 */
export async function startCharts(context: WorldContext): Promise<ManagedProcess> {
  return serveCharts(context, { namespace: CLOUD, address: CLOUD_ADDRESS, port: PORT });
}

/** ChartServer is the address of the chart repository. */
export interface ChartServer {
  /** Network namespace; the driver's own when absent. */
  readonly namespace?: string;
  readonly address: string;
  readonly port: number;
}

/** serveCharts serves the charts as a Helm repository by plain HTTP. */
export async function serveCharts(
  context: WorldContext,
  { namespace, address, port }: ChartServer,
): Promise<ManagedProcess> {
  const folder = join(context.folder, 'charts');
  await packageCharts(binary(context, 'helm'), folder);
  const main = builtFile('testbed/charts/main.ts');
  const server = context.process({
    name: 'charts',
    ...(namespace === undefined ? {} : { namespace }),
    command: [process.execPath, main, folder, address, String(port)],
    ready: () => portAnswers(address, port),
  });
  await server.start();
  return server;
}

/** Packages and index by the real helm. */
async function packageCharts(helm: string, folder: string): Promise<void> {
  const run = promisify(execFile);
  mkdirSync(folder, { recursive: true });
  const sources = CHARTS.map((name) => join(productRoot(), 'testbed', 'charts', name));
  await run(helm, ['package', ...sources, '--destination', folder]);
  await run(helm, ['repo', 'index', folder]);
}
