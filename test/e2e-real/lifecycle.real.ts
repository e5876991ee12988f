import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';
import {
  deleteClaim,
  reported,
  unmanagedMilliseconds,
  untilOperational,
  type Theatre,
} from '../world/demo/acts.ts';
import { leftovers, TEARDOWN_REPORT } from '../world/leftovers.ts';
import { growAlone, loseWorker } from '../world/real/alone.ts';
import { realClaim, realProfile, WEB } from '../world/real/claim.ts';
import { linkOf } from '../world/real/link.ts';
import { MANAGEMENT } from '../world/real/management.ts';
import { exec } from '../world/real/node.ts';
import { REGISTRY_CONTAINER } from '../world/real/registry.ts';
import { workloadCluster } from '../world/real/workload.ts';
import { waitFor } from '../world/wait.ts';
import { CLAIM, CLUSTER, docker, management, realFile } from './world.ts';

/*
 * One cluster from its claim to its end, on real nodes: what pretended machines can't show.
 */

const PATIENCE_MS = 800_000;

const MACHINE = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' } as const;

let inside: KubeApi;

function theatre(): Theatre {
  return { management: management(), workload: inside, claim: CLAIM };
}

beforeAll(async () => {
  const { folder, socket } = realFile();
  const claim = realClaim({ ...CLUSTER, controlPlanes: 3, workers: 2, socket });
  await management().apply(realProfile(), { fieldManager: 'e2e' });
  await management().apply(claim, { fieldManager: 'e2e' });
  const { kubeconfig } = await workloadCluster({ folder }, management(), CLUSTER);
  inside = clientFromFile(kubeconfig);
});

async function machines(): Promise<readonly KubeObject[]> {
  return (await inside.list({ ...MACHINE, namespace: CLUSTER.namespace })).items;
}

async function containersOf(pods: readonly KubeObject[]): Promise<readonly object[]> {
  return pods.flatMap((pod) => {
    const statuses = recordIn(pod, 'status')?.['containerStatuses'];
    return Array.isArray(statuses) ? (statuses as readonly object[]) : [];
  });
}

describe('a cluster of real nodes', () => {
  it('becomes Operational: three control planes, two workers, a network and two charts', async () => {
    const claim = await untilOperational(theatre(), PATIENCE_MS);
    expect(recordIn(claim, 'status')).toMatchObject({
      phase: 'SelfManaged',
      owner: 'Workload',
      controlPlaneMachines: '3/3',
      workers: '2/2',
    });
    expect(await machines()).toHaveLength(5);
    expect(await unmanagedMilliseconds(theatre())).toBeLessThan(30_000);
  });

  it('runs the agent and Cluster API in itself, and none of them had to start twice', async () => {
    const { items } = await inside.list({ apiVersion: 'v1', kind: 'Pod' });
    const ours = items.filter(({ metadata }) =>
      /^(managed-cluster|capi|capd)-/.test(metadata.namespace ?? ''),
    );
    expect(ours).toHaveLength(5);
    for (const status of await containersOf(ours)) {
      expect(status).toMatchObject({ ready: true, restartCount: 0 });
    }
  });

  it('serves a page of a chart through its Service, on every node', async () => {
    const { namespace, name, greeting } = WEB;
    const service = await inside.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
    const url = `http://${String(recordIn(service, 'spec')?.['clusterIP'])}/`;
    for (const machine of await machines()) {
      const node = machine.metadata.name ?? '';
      // oxlint-disable-next-line no-await-in-loop -- a moment each
      const page = await waitFor({
        what: `the page to be served on ${node}`,
        timeoutMs: 60_000,
        intervalMs: 500,
        look: () => exec(docker(), node, ['curl', '-sf', '--max-time', '5', url]),
      });
      expect(page).toContain(greeting);
    }
  });

  it('leaves nothing of itself on the management side but what tells of it', async () => {
    expect((await management().list({ ...MACHINE, namespace: CLUSTER.namespace })).items).toEqual(
      [],
    );
  });
});

describe('cut off from the management side', () => {
  it('grows by a change in itself, and replaces a worker whose machine has died', async () => {
    const link = linkOf(docker());
    await link.cut();
    await growAlone(theatre(), { workers: 3, machines: 6 });
    const { lost, found } = await loseWorker(theatre(), docker(), 6);
    const names = (await machines()).map(({ metadata }) => metadata.name);
    expect(names).toContain(found);
    expect(names).not.toContain(lost);
    await link.join();
    await reported(theatre(), '3/3');
  });
});

describe('deleted', () => {
  it('leaves no container, no volume and no object', async () => {
    await deleteClaim(theatre(), PATIENCE_MS);
    const containers = await docker()(['ps', '--all', '--format', '{{.Names}}']);
    expect(containers.split('\n').toSorted()).toEqual([MANAGEMENT, REGISTRY_CONTAINER].toSorted());
    const volumes = (await docker()(['volume', 'ls', '--quiet'])).split('\n');
    expect(volumes).toHaveLength(1); // of the management side's node
    const { name } = CLUSTER;
    expect(await leftovers(management(), { cluster: name, except: [TEARDOWN_REPORT] })).toEqual([]);
  });
});
