import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { CONTROL_PLANE_ROLE } from '../../provider/core/installation/placement.ts';
import type { Bench } from './bench.ts';
import type { Loads } from './numbers.ts';
import { loadBetween, type NodeLoad, type Summary } from './usage.ts';

/** Place is a node that is looked at. */
export interface Place {
  readonly api: KubeApi;
  readonly node: string;
}

/** What has just happened shall be over. */
const CALM_MS = 30_000;

/** Between two samples: kubelets measure every ten seconds or so. */
const SAMPLE_MS = 20_000;

/** loadsAfter waits half a minute and measures; what it can't measure is a problem, and no reason to end. */
export async function loadsAfter(
  { problem }: Bench,
  what: string,
  places: () => Promise<readonly Place[]>,
): Promise<readonly Loads[]> {
  const when = `half a minute after ${what}`;
  try {
    await sleep(CALM_MS);
    const nodes = await Promise.all((await places()).map(nodeLoad));
    return [{ when, nodes }];
  } catch (error) {
    problem(`loads ${when}: ${messageOf(error)}`);
    return [];
  }
}

/** firstControlPlaneNode is the name of CP-A, the oldest one. */
export async function firstControlPlaneNode(api: KubeApi): Promise<string> {
  const selector = { labelSelector: CONTROL_PLANE_ROLE };
  const { items } = await api.list({ apiVersion: 'v1', kind: 'Node' }, selector);
  const [first] = items.toSorted((a, b) =>
    (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1,
  );
  if (first?.metadata.name === undefined) throw new Error('there is no control plane node');
  return first.metadata.name;
}

async function nodeLoad({ api, node }: Place): Promise<NodeLoad> {
  const path = `/api/v1/nodes/${node}/proxy/stats/summary`;
  const before = (await api.raw('GET', path)) as Summary;
  await sleep(SAMPLE_MS);
  return loadBetween(before, (await api.raw('GET', path)) as Summary);
}
