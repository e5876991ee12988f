import { describe, expect, it } from '@jest/globals';
import {
  apiServerArguments,
  apiServerNames,
  controllerManagerArguments,
  etcdArguments,
  type SiteFiles,
} from './site-flags.ts';

const files: SiteFiles = {
  etcdData: '/s/etcd',
  authority: '/s/ca.crt',
  apiServerCertificate: '/s/apiserver.crt',
  apiServerKey: '/s/apiserver.key',
  tokenPublicKey: '/s/tokens.pub',
  tokenPrivateKey: '/s/tokens.key',
  auditPolicy: '/s/audit.json',
  auditLog: '/l/audit.log',
  controllerManagerKubeconfig: '/s/kcm.kubeconfig',
};

describe('arguments of a site', () => {
  it.each([
    { site: 'm', address: '--advertise-address=10.99.1.1' },
    { site: 'w', address: '--advertise-address=10.99.2.1' },
  ] as const)('the API server of $site tells its bridge address', ({ site, address }) => {
    expect(apiServerArguments(site, files)).toContain(address);
  });

  it.each([
    { flag: '--enable-aggregator-routing=true', reason: 'no kube-proxy for webhooks' },
    { flag: '--authorization-mode=RBAC', reason: 'permissions count' },
    { flag: '--audit-log-path=/l/audit.log', reason: 'tests read who did what' },
    { flag: '--audit-log-maxsize=16384', reason: 'no rotation hides a part of it' },
  ])('the API server has $flag: $reason', ({ flag }) => {
    expect(apiServerArguments('m', files)).toContain(flag);
  });

  it('the same file signs and checks tokens on both sides', () => {
    const server = apiServerArguments('m', files);
    expect(server).toContain('--service-account-signing-key-file=/s/tokens.key');
    expect(controllerManagerArguments(files)).toContain(
      '--service-account-private-key-file=/s/tokens.key',
    );
  });

  it.each([
    { name: 'clusterrole-aggregation-controller', reason: 'Crossplane and KCP aggregate roles' },
    { name: 'garbage-collector-controller', reason: 'foreground deletion hangs without' },
    { name: 'namespace-controller', reason: 'so does that of namespaces' },
    { name: 'endpointslice-controller', reason: 'webhooks are found by EndpointSlices' },
  ])('runs $name: $reason', ({ name }) => {
    const flag = controllerManagerArguments(files).find((text) =>
      text.startsWith('--controllers='),
    );
    expect(flag?.slice('--controllers='.length).split(',')).toContain(name);
  });

  it('lets controllers act as their own ServiceAccounts', () => {
    expect(controllerManagerArguments(files)).toContain('--use-service-account-credentials=true');
  });

  it('keeps etcd on loopback and off the disk cache', () => {
    expect(etcdArguments(files)).toContain('--unsafe-no-fsync');
    expect(etcdArguments(files)).toContain('--listen-client-urls=http://127.0.0.1:2379');
  });
});

describe('apiServerNames', () => {
  it('has the addresses by which the site is reached and no other site', () => {
    expect(apiServerNames('w').ips).toEqual(
      expect.arrayContaining(['127.0.0.1', '10.96.0.1', '10.99.2.1', '10.99.0.2', '10.98.2.2']),
    );
    expect(apiServerNames('w').ips).not.toContain('10.99.1.1');
  });
});
