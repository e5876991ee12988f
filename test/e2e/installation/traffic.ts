import { isRecord } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

/** Traffic is what has gone through a client. */
export interface Traffic {
  reads: number;
  writes: number;
  inFlight: number;
  /** Most requests that were under way at once. */
  most: number;
}

const WRITES: readonly string[] = ['create', 'replace', 'apply', 'patch', 'delete'];
const READS: readonly string[] = ['get', 'list', 'raw'];

/** A dry run changes nothing. */
function isDryRun(options: unknown): boolean {
  return isRecord(options) && options['dryRun'] === true;
}

/** newTraffic has seen nothing yet. */
export function newTraffic(): Traffic {
  return { reads: 0, writes: 0, inFlight: 0, most: 0 };
}

/** counting is the same client, counted. */
export function counting(api: KubeApi, traffic: Traffic): KubeApi {
  return new Proxy(api, {
    get(target, name: keyof KubeApi): unknown {
      // Whoever awaits an object looks whether it has a `then`.
      if (typeof target[name] !== 'function') return undefined;
      const method = target[name].bind(target) as (...args: readonly unknown[]) => unknown;
      const isWrite = WRITES.includes(name);
      if (!isWrite && !READS.includes(name)) return method;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        if (isWrite && !args.some(isDryRun)) traffic.writes += 1;
        else traffic.reads += 1;
        traffic.inFlight += 1;
        traffic.most = Math.max(traffic.most, traffic.inFlight);
        try {
          return await method(...args);
        } finally {
          traffic.inFlight -= 1;
        }
      };
    },
  });
}
