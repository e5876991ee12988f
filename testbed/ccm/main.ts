import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromString, clientInCluster } from '../../lib/kube/client.ts';
import { initialised } from './initialised.ts';

/*
 * The node part of a cloud controller manager for fake machines: it sets the providerID of each Node and
 * removes the taint of uninitialized Nodes. Usage: main.js <kubeconfig>, in a Pod.
 *
 * The API server of the Pod and that of the pretended machines stand for one cluster, so it serves the Nodes
 * of both: the first by its ServiceAccount, the second by the kubeconfig that is its cloud configuration.
 */
const NODE = { apiVersion: 'v1', kind: 'Node' };
const INTERVAL_MS = 500;

async function pass(api: KubeApi): Promise<void> {
  const { items } = await api.list(NODE);
  for (const node of items) {
    const { name = '' } = node.metadata;
    const patch = initialised(name, recordIn(node, 'spec') ?? {});
    if (patch === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- few Nodes
    await api.patch({ ...NODE, name }, patch);
    process.stdout.write(`Node ${name} is initialized\n`);
  }
}

const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: main.js <kubeconfig>');
process.on('SIGTERM', () => process.exit(0));
const userAgent = 'cloud-controller-manager';
const apis = [clientInCluster({ userAgent }), clientFromString(readFileSync(file, 'utf8'))];
for (;;) {
  for (const api of apis) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, for ever
    await pass(api).catch((error: unknown) => process.stdout.write(`${String(error)}\n`));
  }
  // oxlint-disable-next-line no-await-in-loop -- the pause between two passes
  await delay(INTERVAL_MS);
}
