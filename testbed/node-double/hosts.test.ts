import { describe, expect, it } from '@jest/globals';
import { type Endpoint, type EndpointSlice, hostsFile, serviceHosts } from './hosts.ts';

function slice(service: string | undefined, endpoints: Endpoint[] | null): EndpointSlice {
  const labels = service === undefined ? {} : { 'kubernetes.io/service-name': service };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'x', namespace: 'ns', labels },
    endpoints,
  };
}

describe('serviceHosts', () => {
  const ready = { conditions: { ready: true } };
  const table: readonly [string, EndpointSlice[], string[]][] = [
    ['none', [], []],
    [
      'one ready endpoint',
      [slice('a', [{ addresses: ['10.0.0.2'], ...ready }])],
      ['10.0.0.2 a.ns'],
    ],
    [
      'an endpoint that is not ready',
      [slice('a', [{ addresses: ['10.0.0.2'], conditions: { ready: false } }])],
      [],
    ],
    [
      'an endpoint that does not say',
      [slice('a', [{ addresses: ['10.0.0.2'] }])],
      ['10.0.0.2 a.ns'],
    ],
    [
      'several slices of one Service: the lowest address, so that it stays the same',
      [
        slice('a', [{ addresses: ['10.0.0.7'] }, { addresses: ['10.0.0.3'] }]),
        slice('a', [{ addresses: ['10.0.0.5'] }]),
      ],
      ['10.0.0.3 a.ns'],
    ],
    ['no endpoints, as Go writes it', [slice('a', null)], []],
    ['a slice that belongs to no Service', [slice(undefined, [{ addresses: ['10.0.0.2'] }])], []],
    [
      'several Services, sorted',
      [slice('b', [{ addresses: ['10.0.0.2'] }]), slice('a', [{ addresses: ['10.0.0.3'] }])],
      ['10.0.0.3 a.ns', '10.0.0.2 b.ns'],
    ],
  ];
  it.each(table)('%s', (_reason, slices, expected) => {
    const hosts = serviceHosts(slices);
    expect(hosts.map(({ address, names }) => `${address} ${names[0] ?? ''}`)).toEqual(expected);
  });

  it('gives all three names', () => {
    const [host] = serviceHosts([slice('a', [{ addresses: ['10.0.0.2'] }])]);
    expect(host?.names).toEqual(['a.ns', 'a.ns.svc', 'a.ns.svc.cluster.local']);
  });
});

describe('hostsFile', () => {
  it('has localhost, the own name, then the Services', () => {
    const services = [{ address: '10.0.0.2', names: ['a.ns', 'a.ns.svc'] }];
    expect(hostsFile({ address: '10.0.0.9', names: ['web-1'] }, services)).toBe(
      '127.0.0.1 localhost\n::1 localhost ip6-localhost\n10.0.0.9 web-1\n10.0.0.2 a.ns a.ns.svc\n',
    );
  });
});
