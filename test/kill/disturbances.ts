import { setTimeout as sleep } from 'node:timers/promises';
import { SIDES, type Side } from '../oracle/audit-event.ts';
import type { Fault } from '../world/fault-proxy/faults.ts';
import { killPods } from '../world/pods.ts';
import type { Arena } from './arena.ts';
import { killingAt, type Disturbance } from './handover.ts';
import { writeName, type Writes } from './kill-point.ts';
import type { Product } from './product.ts';
import type { Random } from './random.ts';

/** Namespaces of Cluster API's managers that reconcile what is handed over. */
const MANAGERS = [
  'capi-system',
  'capi-kubeadm-bootstrap-system',
  'capi-kubeadm-control-plane-system',
] as const;

/** A handover takes about so long; what happens at some time in it happens before. */
const SPAN_MS = 1500;

/** Choice is what is needed to draw a disturbance. */
export interface Choice {
  readonly random: Random;
  /** Writes of a handover in that direction. */
  readonly writes: Writes;
}

/** randomKill kills something at some time of a handover. */
export function randomKill(
  arena: Arena,
  product: Product,
  { random, writes }: Choice,
): Disturbance {
  const what = random.pick(['provider', 'provider', 'manager', 'manager', 'API server'] as const);
  const side = random.pick(SIDES);
  if (what === 'provider') {
    const write = 1 + random.below(Math.max(1, writes[side]));
    return killingAt(arena, product, { side, write, when: random.pick(['before', 'after']) });
  }
  const after = random.below(SPAN_MS);
  if (what === 'API server') return killingApiServer(arena, side, after);
  return killingManager(arena, { side, namespace: random.pick(MANAGERS), after });
}

/** SIGKILL and a new start; what it answered last may be in no audit log. */
function killingApiServer({ sites, witness }: Arena, side: Side, after: number): Disturbance {
  return atTime(`kill API server of ${side}`, after, async () => {
    const from = Date.now() * 1000;
    await sites[side].processes.apiServer.restart('kill');
    witness.outages.push({ side, from, to: Date.now() * 1000 });
  });
}

interface ManagerKill {
  readonly side: Side;
  readonly namespace: string;
  readonly after: number;
}

/**
 * The killed manager holds its Lease for up to a minute; taking that away does what time would do,
 * and no harm: who held it is dead.
 */
function killingManager({ sites }: Arena, { side, namespace, after }: ManagerKill): Disturbance {
  return atTime(`kill ${namespace} on ${side}`, after, async () => {
    const { api } = sites[side];
    await killPods(sites[side], `${namespace}/`);
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace };
    const { items } = await api.list(lease);
    await Promise.all(
      items.map(({ metadata }) => api.delete({ ...lease, name: metadata.name ?? '' })),
    );
  });
}

function atTime(name: string, after: number, act: () => Promise<void>): Disturbance {
  return {
    name: `${name} after ${after} ms`,
    begin(step) {
      const struck = sleep(after).then(async () => {
        const reached = await step();
        await act();
        return { write: '-', step: reached };
      });
      struck.catch(() => undefined); // whoever waits for it is told
      return () => struck;
    },
  };
}

/** What can go wrong between the provider and an API server without anybody dying. */
const FAULTS: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: '409', fault: { kind: 'status', code: 409 } },
  { name: '429 with Retry-After', fault: { kind: 'status', code: 429, retryAfterSeconds: 1 } },
  { name: '500', fault: { kind: 'status', code: 500 } },
  { name: '503', fault: { kind: 'status', code: 503 } },
  { name: 'a broken connection', fault: { kind: 'drop' } },
  { name: 'a stall', fault: { kind: 'stall' } },
];

/** randomFault lets a few writes go wrong, or cuts the link to a side for some seconds. */
export function randomFault(arena: Arena, { random, writes }: Choice): Disturbance {
  const side = random.pick(SIDES);
  if (random.below(FAULTS.length + 1) === 0) return cutLink(arena, side, random);
  const { name, fault } = random.pick(FAULTS);
  const write = 1 + random.below(Math.max(1, writes[side]));
  const times = fault.kind === 'stall' ? 1 : 1 + random.below(4);
  const when = fault.kind === 'drop' ? random.pick(['before', 'after'] as const) : 'before';
  return {
    name: `${times} × ${name} ${when} write ${write} on ${side}`,
    begin(step) {
      let hit = '';
      let reached = Promise.resolve('-');
      const remove = arena.proxies[side].faults.inject({
        fault,
        times,
        when,
        match(request) {
          const isHit = request.write !== undefined && request.write >= write;
          if (!isHit || hit !== '') return isHit;
          hit = writeName(request);
          reached = step();
          return true;
        },
      });
      return async () => {
        remove();
        return { write: hit === '' ? 'not reached' : hit, step: await reached };
      };
    },
  };
}

function cutLink({ proxies }: Arena, side: Side, random: Random): Disturbance {
  const how = random.pick(['refuse', 'hang'] as const);
  const ms = 500 + random.below(4000);
  return atTime(
    `cut the link to ${side} (${how}) for ${ms} ms`,
    random.below(SPAN_MS),
    async () => {
      await proxies[side].wire.cut(how);
      await sleep(ms);
      await proxies[side].wire.join();
    },
  );
}
