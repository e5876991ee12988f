import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { median, percentile } from '../report/statistics.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { untrustedClient } from '../../lib/kube/untrusted-client.ts';
import { createLogger } from '../../lib/log.ts';
import { createController } from '../../lib/reconcile/controller.ts';

/** Size of the fleet, and how many of its clusters are hostile. */
const CLUSTERS = 200;
const HOSTILE = 20;
/** As the controller of AgentInstallations. */
const WORKERS = 4;
/** Each cluster is reconciled once in this time. */
const EVERY_MS = 4000;
/** Until all hostile clusters are known, and then as long as it is measured. */
const WARM_UP_MS = 14_000;
const MEASURED_MS = 11_000;

const LIST = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns' };

/** FLEET_GOAL is the most that hostile clusters may slow the others down: the ratio of their latencies. */
export const FLEET_GOAL = 1.5;

/** Fleet is what the honest clusters of one fleet saw. */
export interface Fleet {
  readonly hostile: number;
  /** From the event to the end of the reconcile, in milliseconds. */
  readonly latencies: readonly number[];
  /** Most memory of the process, in MiB. */
  readonly memory: number;
}

/** fleets are measured without and with hostile clusters. */
export async function fleets(): Promise<readonly Fleet[]> {
  return [await measured(0), await measured(HOSTILE)];
}

/** fleetRatio is how much slower the median honest reconcile is with hostile clusters. */
export function fleetRatio([without, withHostile]: readonly Fleet[]): number {
  return median(withHostile?.latencies ?? []) / median(without?.latencies ?? []);
}

/** fleetReport is the table in Markdown. */
export function fleetReport(all: readonly Fleet[]): string {
  const rows = all.map(
    ({ hostile, latencies, memory }) =>
      `| ${hostile} of ${CLUSTERS} | ${latencies.length} | ${median(latencies).toFixed(1)} | ${percentile(latencies, 0.95).toFixed(1)} | ${memory.toFixed(0)} |`,
  );
  return [
    `A fleet of ${CLUSTERS} clusters and ${WORKERS} workers: latency of the reconciles of honest clusters, with hostile ones that answer without an end, slowly, never, or with rubbish. Ratio of the medians: ${fleetRatio(all).toFixed(2)}; goal: at most ${FLEET_GOAL}.`,
    '',
    '| hostile | reconciles | p50, ms | p95, ms | most memory, MiB |',
    '| ------- | ---------- | ------- | ------- | ---------------- |',
    ...rows,
  ].join('\n');
}

async function measured(hostile: number): Promise<Fleet> {
  const servers = spawn(
    process.execPath,
    [
      ...process.execArgv,
      join(import.meta.dirname, 'fleet-servers.ts'),
      String(CLUSTERS),
      String(hostile),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [line] = await once(servers.stdout, 'data');
    const urls: readonly string[] = JSON.parse(String(line));
    return await reconciled(urls, hostile);
  } finally {
    servers.kill();
  }
}

async function reconciled(urls: readonly string[], hostile: number): Promise<Fleet> {
  const clients = urls.map(clientOf);
  const due = new Map<string, number>();
  const latencies: number[] = [];
  const stop = new AbortController();
  const from = performance.now() + WARM_UP_MS;
  const controller = createController(
    {
      name: 'fleet',
      async reconcile({ name }) {
        const at = due.get(name) ?? 0;
        due.delete(name);
        await look(clients[Number(name)]);
        if (Number(name) >= hostile && at > from) latencies.push(performance.now() - at);
        return {};
      },
    },
    { log: createLogger('silent'), workers: WORKERS },
  );
  const running = controller.run(stop.signal);
  let memory = 0;
  for (let next = 0; performance.now() < from + MEASURED_MS; next++) {
    const name = String(next % urls.length);
    if (!due.has(name)) due.set(name, performance.now());
    controller.enqueue({ namespace: '', name });
    memory = Math.max(memory, process.memoryUsage.rss() / 2 ** 20);
    // oxlint-disable-next-line no-await-in-loop -- one cluster after the other
    await delay(EVERY_MS / urls.length);
  }
  stop.abort();
  // Those of hostile clusters end with their patience.
  await Promise.race([running, delay(1000)]);
  return { hostile, latencies, memory };
}

/** Some requests, as a reconcile sends them. */
async function look(api: KubeApi | undefined): Promise<void> {
  for (let request = 0; request < 3; request++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await api?.list(LIST);
  }
}

function clientOf(server: string): KubeApi {
  return untrustedClient(
    {
      server,
      authority: undefined,
      tlsServerName: undefined,
      token: 't',
      certificate: undefined,
      key: undefined,
    },
    { userAgent: 'bench' },
  );
}
