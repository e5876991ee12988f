import type { KubeObject } from '../../lib/core/object.ts';

/** Host is one line of a hosts file. */
export interface Host {
  readonly address: string;
  readonly names: readonly string[];
}

/** Endpoint as in `discovery.k8s.io/v1`. */
export interface Endpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: { readonly ready?: boolean };
}

/** EndpointSlice holds the fields of `discovery.k8s.io/v1` that names need. */
export interface EndpointSlice extends KubeObject {
  readonly endpoints?: readonly Endpoint[] | null;
}

const SERVICE = 'kubernetes.io/service-name';

/**
 * The names of all Services that have a ready endpoint. The address is that of the endpoint, not a
 * cluster IP, so a Service port must equal its target port to be reached by name.
 */
export function serviceHosts(slices: Iterable<EndpointSlice>): readonly Host[] {
  const ready = new Map<string, string>();
  for (const { metadata, endpoints } of slices) {
    const service = metadata.labels?.[SERVICE];
    if (service === undefined) continue;
    const name = `${service}.${metadata.namespace ?? ''}`;
    // Go writes an empty slice as null.
    const addresses = (endpoints ?? [])
      .filter(isReady)
      .flatMap((each) => each.addresses?.slice(0, 1) ?? []);
    // Always the lowest, so that a name keeps its address while that endpoint lives.
    const [first] = addresses.concat(ready.get(name) ?? []).toSorted();
    if (first !== undefined) ready.set(name, first);
  }
  return [...ready]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, address]) => ({
      address,
      names: [name, `${name}.svc`, `${name}.svc.cluster.local`],
    }));
}

/** The API says: an absent `ready` is to be taken as true. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

/** The text of a container's `/etc/hosts`. */
export function hostsFile(own: Host, services: readonly Host[]): string {
  const lines: readonly Host[] = [
    { address: '127.0.0.1', names: ['localhost'] },
    { address: '::1', names: ['localhost', 'ip6-localhost'] },
    own,
    ...services,
  ];
  return lines.map(({ address, names }) => `${address} ${names.join(' ')}\n`).join('');
}
