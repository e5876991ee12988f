import type { KubeObject } from '../core/object.ts';
import type { WatchSource } from './watch.ts';

/** slimSource leaves out `managedFields`, which are about half of an object and which caches never read. */
export function slimSource(source: WatchSource): WatchSource {
  return {
    async list() {
      const { items, ...rest } = await source.list();
      return { ...rest, items: items.map(slim) };
    },
    async *events(resourceVersion, signal) {
      for await (const event of source.events(resourceVersion, signal)) {
        yield { ...event, object: slim(event.object) };
      }
    },
  };
}

function slim(object: KubeObject): KubeObject {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata };
}
