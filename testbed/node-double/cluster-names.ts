import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import type { KubeApi } from '../../lib/kube/api.ts';
import { type EndpointSlice, type Host, hostsFile, serviceHosts } from './hosts.ts';

/** ClusterNames is the DNS of a site: it updates the hosts files of all Pods. */
export class ClusterNames {
  readonly #slices = new Map<string, EndpointSlice>();
  /** By path. */
  readonly #files = new Map<string, Host>();
  #services: readonly Host[] = [];
  /** Names outside of the site, which stay. */
  readonly #outside: readonly Host[];

  constructor(outside: readonly Host[]) {
    this.#outside = outside;
  }

  /** Writes a Pod's hosts file and keeps it current until {@link detach}. */
  attach(path: string, own: Host): void {
    this.#files.set(path, own);
    writeFileSync(path, this.#text(own), { mode: 0o644 });
  }

  detach(path: string): void {
    this.#files.delete(path);
  }

  /** Watches the EndpointSlices of the site until the signal. */
  async follow(
    api: KubeApi,
    options: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
  ): Promise<void> {
    const type = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
    let synced = false;
    await api.watch(
      type,
      (event) => {
        if (event.type === 'SYNCED') synced = true;
        else this.#take(event.type, event.object);
        if (synced) this.#rewrite();
      },
      options,
    );
  }

  #take(type: 'ADDED' | 'MODIFIED' | 'DELETED', slice: EndpointSlice): void {
    const key = `${slice.metadata.namespace ?? ''}/${slice.metadata.name ?? ''}`;
    if (type === 'DELETED') this.#slices.delete(key);
    else this.#slices.set(key, slice);
  }

  #rewrite(): void {
    const services = serviceHosts(this.#slices.values());
    if (JSON.stringify(services) === JSON.stringify(this.#services)) return;
    this.#services = services;
    for (const [path, own] of this.#files) overwrite(path, this.#text(own));
  }

  #text(own: Host): string {
    return hostsFile(own, [...this.#outside, ...this.#services]);
  }
}

/** Writes in place, so that bind mounts see the change, and never leaves the file empty. */
function overwrite(path: string, text: string): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, writeSync(file, text, 0));
  } finally {
    closeSync(file);
  }
}
