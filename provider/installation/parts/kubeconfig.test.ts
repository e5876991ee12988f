import { beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../../capi/kinds.ts';
import { CLUSTER_LABEL, OWNER_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { UnreachableError } from '../../../lib/kube/errors.ts';
import { readUntrustedKubeconfig } from '../../../lib/kube/untrusted-kubeconfig.ts';
import { doneWith } from '../../../lib/reconcile/outcome.ts';
import { mintAuthority, mintServing } from '../../certificates/mint.ts';
import type { PartOutcome, Scope } from '../part.ts';
import { type MemorySide, memorySide } from '../../../test/fake/memory-side.ts';
import { base64, secretText } from '../../../lib/core/secret-data.ts';
import { keptKubeconfig } from './kubeconfig.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const REF = { apiVersion: 'v1', kind: 'Secret', namespace: 'team', name: 'demo-kubeconfig' };
const SERVER = 'https://10.0.0.1:6443';

/** Client certificates by their validity in days. */
const certificates = new Map<number, string>();
beforeAll(async () => {
  const authority = await mintAuthority('demo', { now: NOW, days: 1000 });
  for (const days of [0, 20, 200, 300]) {
    // oxlint-disable-next-line no-await-in-loop -- only four certificates
    const pair = await mintServing(authority, ['demo'], { now: NOW, days });
    certificates.set(days, pair.certificate);
  }
});

function kubeconfigFor(days: number, server = SERVER, more: object = {}): string {
  const user = { 'client-certificate-data': base64(certificates.get(days) ?? ''), ...more };
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': 'Y2E=' } }],
    users: [{ name: 'demo-admin', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'demo-admin' } }],
  });
}

function secret(text: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  const { apiVersion, kind, ...metadata } = REF;
  return { apiVersion, kind, metadata: { ...metadata, labels }, data: { value: base64(text) } };
}

function clusterOf(owner: string): KubeObject {
  const metadata = { namespace: 'team', name: 'demo', annotations: { [OWNER_ANNOTATION]: owner } };
  return { ...CLUSTER, metadata };
}

interface Case {
  readonly kept?: KubeObject;
  readonly offered?: string;
  readonly owner?: string;
  readonly handedOver?: boolean;
  readonly named?: string;
  /** uid of the cluster that the new kubeconfig connects to; an error if it does not work. */
  readonly leadsTo?: string | Error;
}

interface Passed {
  readonly outcome: PartOutcome;
  readonly management: MemorySide;
  readonly events: readonly string[];
}

async function pass(one: Case): Promise<Passed> {
  const { owner = 'workload', handedOver = true, named = REF.name, leadsTo = 'w' } = one;
  const kept = one.kept ?? secret(kubeconfigFor(200), { [CLUSTER_LABEL]: 'demo' });
  const management = memorySide([kept]);
  const offered = one.offered === undefined ? [] : [secret(one.offered)];
  const workload = memorySide([...offered, clusterOf(owner)]);
  const events: string[] = [];
  const uid = leadsTo instanceof Error ? '' : leadsTo;
  const there = memorySide([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } },
  ]);
  const scope = {
    deps: {
      management: management.api,
      events: { event: (_object: unknown, _type: string, reason: string) => events.push(reason) },
    },
    namespace: 'team',
    cluster: 'demo',
    now: NOW,
    plan: { spec: { handedOver } },
    installation: { spec: { kubeconfigSecretRef: { name: named, key: 'value' } } },
    workload: () => Promise.resolve(workload.api),
    clusterUid: () => Promise.resolve('w'),
  } as unknown as Scope;
  const part = keptKubeconfig(() => {
    if (leadsTo instanceof Error) throw leadsTo;
    return there.api;
  });
  return { outcome: await part.run(scope), management, events };
}

describe('the kubeconfig of a self-managed cluster', () => {
  it('is updated when Cluster API renews the one in the cluster', async () => {
    const { outcome, management, events } = await pass({ offered: kubeconfigFor(300) });

    expect(outcome).toEqual(doneWith({}));
    const written = secretText(management.object(REF), 'value') ?? '';
    expect(readUntrustedKubeconfig(written, '')).toEqual(
      readUntrustedKubeconfig(kubeconfigFor(300), ''),
    );
    expect(management.object(REF)?.metadata.labels).toEqual({ [CLUSTER_LABEL]: 'demo' });
    expect(events).toEqual(['KubeconfigRenewed']);
  });

  it('copies only the credential from the cluster to the management side', async () => {
    const offered: object = JSON.parse(kubeconfigFor(300));
    const more = { extensions: [{ name: 'x' }], 'x-other': '<<: of another parser' };
    const { management } = await pass({ offered: JSON.stringify({ ...offered, ...more }) });

    const written = JSON.parse(secretText(management.object(REF), 'value') ?? '') as object;
    expect(Object.keys(written)).toEqual([
      'apiVersion',
      'kind',
      'current-context',
      'contexts',
      'clusters',
      'users',
    ]);
  });

  it.each<{ reason: string; one: () => Case; says?: unknown }>([
    { reason: 'it is the same', one: () => ({ offered: kubeconfigFor(200) }) },
    { reason: 'it is older', one: () => ({ offered: kubeconfigFor(20) }) },
    { reason: 'there is none in the cluster', one: () => ({}) },
    { reason: 'it is no kubeconfig', one: () => ({ offered: 'rubbish: [' }) },
    {
      reason: 'it names another server',
      one: () => ({ offered: kubeconfigFor(300, 'https://10.0.0.2:6443') }),
      says: 'Not renewed: the kubeconfig in the cluster has another server or certificate authority',
    },
    {
      reason: 'it would run a program',
      one: () => ({ offered: kubeconfigFor(300, SERVER, { exec: { command: 'sh' } }) }),
      says: expect.stringContaining(
        'Not renewed: the kubeconfig in the cluster does not work: cannot use the kubeconfig in Secret team/demo-kubeconfig of the cluster: it has exec (',
      ),
    },
    {
      reason: 'it does not work',
      one: () => ({ offered: kubeconfigFor(300), leadsTo: new UnreachableError('no answer') }),
      says: 'Not renewed: the kubeconfig in the cluster does not work: no answer',
    },
    {
      reason: 'it leads to another cluster',
      one: () => ({ offered: kubeconfigFor(300), leadsTo: 'x' }),
      says: 'Not renewed: the kubeconfig in the cluster connects to another cluster',
    },
    {
      reason: 'the cluster is not its own (yet, or any longer)',
      one: () => ({ offered: kubeconfigFor(300), owner: 'moving' }),
    },
    {
      reason: 'it was not handed over',
      one: () => ({ offered: kubeconfigFor(300), handedOver: false }),
    },
    {
      reason: 'the claim names another one',
      one: () => ({ offered: kubeconfigFor(300), named: 'access' }),
    },
    {
      reason: 'the Secret is not one that the provider has kept',
      one: () => ({ offered: kubeconfigFor(300), kept: secret(kubeconfigFor(200)) }),
    },
  ])('is unchanged if $reason', async ({ one, says }) => {
    const { outcome, management, events } = await pass(one());

    expect(outcome).toEqual(doneWith(says === undefined ? {} : { remark: says }));
    expect(management.writes).toEqual([]);
    expect(events).toEqual([]);
  });

  it.each([0, 20])(
    'is reported as expiring when it is valid for %d days and not renewed',
    async (days) => {
      const kept = secret(kubeconfigFor(days), { [CLUSTER_LABEL]: 'demo' });
      const { outcome } = await pass({ kept, offered: kubeconfigFor(300), leadsTo: 'x' });

      expect(outcome).toEqual({
        kind: 'Stalled',
        reason: 'KubeconfigExpiring',
        message: expect.stringMatching(
          /^The kubeconfig of the cluster expires at 2026-01-[0-9T:]+Z\. Not renewed: the kubeconfig in the cluster connects to another cluster: delete Secret team\/demo-kubeconfig in the cluster/,
        ),
      });
    },
  );
});
