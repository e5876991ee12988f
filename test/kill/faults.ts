import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, SeenRequest } from '@managed-cluster/testbed';
import type { Side } from '../oracle/audit-event.ts';
import type { Arena } from './arena.ts';
import { atTime, inTurn, someTime, type Choice } from './choice.ts';
import { writeName } from './kill-point.ts';
import { NOT_REACHED, type Disturbance } from './outcome.ts';
import type { Random } from './random.ts';

type Cut = 'refuse' | 'hang';

/** What can go wrong between the provider and an API server without anybody dying. */
const FAULTS: Readonly<Record<string, Fault | Cut>> = {
  '409': { kind: 'status', code: 409 },
  '429 with Retry-After': { kind: 'status', code: 429, retryAfterSeconds: 1 },
  '500': { kind: 'status', code: 500 },
  '503': { kind: 'status', code: 503 },
  'broken connection': { kind: 'drop' },
  stall: { kind: 'stall' },
  'cut link, refused': 'refuse',
  'cut link, silent': 'hang',
};

/** FAULT_KINDS are their names in a report. */
export const FAULT_KINDS: readonly string[] = Object.keys(FAULTS);

/** Writes at the end of a handover may not come in another run. */
const SURELY = 0.8;

/** faultOf lets a few writes go wrong in the next way, or cuts the link to a side for some seconds. */
export function faultOf(arena: Arena, { random, turn, writes }: Choice): Disturbance {
  const { one: kind, side } = inTurn(FAULT_KINDS, turn);
  const fault = FAULTS[kind];
  if (fault === undefined || typeof fault === 'string') {
    return cutLink(arena, { kind, side, how: fault ?? 'refuse', random });
  }
  return failingWrite(arena, {
    kind,
    side,
    fault,
    write: 1 + random.below(Math.max(1, Math.floor(writes[side] * SURELY))),
    times: fault.kind === 'stall' ? 1 : 1 + random.below(4),
    when: fault.kind === 'drop' ? random.pick(['before', 'after'] as const) : 'before',
  });
}

interface FailingWrite {
  readonly kind: string;
  readonly side: Side;
  readonly fault: Fault;
  /** From which write on, and how many. */
  readonly write: number;
  readonly times: number;
  readonly when: 'before' | 'after';
}

function failingWrite(
  { proxies }: Arena,
  { kind, side, fault, write, times, when }: FailingWrite,
): Disturbance {
  return {
    name: `${times} × ${kind} ${when} write ${write} on ${side}`,
    kind,
    begin(step) {
      let hit = '';
      let reached = Promise.resolve('-');
      function match(request: SeenRequest): boolean {
        const isHit = request.write !== undefined && request.write >= write;
        if (!isHit || hit !== '') return isHit;
        hit = writeName(request);
        reached = step();
        return true;
      }
      const remove = proxies[side].faults.inject({ fault, times, when, match });
      return async () => {
        remove();
        return { write: hit === '' ? NOT_REACHED : hit, step: await reached };
      };
    },
  };
}

interface CutLink {
  readonly kind: string;
  readonly side: Side;
  readonly how: Cut;
  readonly random: Random;
}

function cutLink({ proxies }: Arena, { kind, side, how, random }: CutLink): Disturbance {
  const ms = 500 + random.below(4000);
  return atTime({
    name: `${kind}, to ${side} for ${ms} ms`,
    kind,
    after: someTime(random),
    async act() {
      await proxies[side].wire.cut(how);
      await sleep(ms);
      await proxies[side].wire.join();
    },
  });
}
