import {
  apiPath,
  type FaultProxy,
  isSteadyWrite,
  type SeenRequest,
} from '@managed-cluster/testbed';
import { SIDES, type Side } from '../oracle/audit-event.ts';
import { SUBJECT_NAMESPACE, type Subject } from './subject.ts';

/** KillPoint is a write at which a process is killed. */
export interface KillPoint {
  readonly side: Side;
  /** Number of the write on that side, from 1. */
  readonly write: number;
  /** Before the API server sees it, or after it has answered. */
  readonly when: 'before' | 'after';
}

/** Writes are how many of them there were on each side. */
export type Writes = Readonly<Record<Side, number>>;

/** killPoints are all of them, of both sides, before and after each write. */
export function killPoints(writes: Writes): readonly KillPoint[] {
  return SIDES.flatMap((side) =>
    Array.from({ length: writes[side] }, (_none, index) => index + 1).flatMap((write) =>
      (['before', 'after'] as const).map((when) => ({ side, write, when })),
    ),
  );
}

/** pointName is a kill point in a report. */
export function pointName({ side, write, when }: KillPoint): string {
  return `${when} write ${write} on ${side}`;
}

/** writeName is a write in a report, without the names that differ from run to run. */
export function writeName({ method, url }: SeenRequest): string {
  const { group, resource, name, subresource } = apiPath(url);
  const path = [resource + (group === '' ? '' : `.${group}`), name, subresource];
  return `${method} ${path.filter((part) => part !== '').join('/')}`;
}

/** Proxies stand before both sides. */
export type Proxies = Readonly<Record<Side, FaultProxy>>;

/** Focus is the subject whose writes are counted now; what the product writes for others is not. */
export interface Focus {
  subject: string;
}

/** countsFor tells which writes are counted, so that the n-th is the same one in every run. */
export function countsFor(focus: Focus): (method: string, url: string) => boolean {
  return (method, url) => {
    const { namespace } = apiPath(url);
    const isOthers = SUBJECT_NAMESPACE.test(namespace) && namespace !== focus.subject;
    return isSteadyWrite(method, url) && !isOthers;
  };
}

/** resetProxies makes both count a subject's writes from the beginning, and takes all faults away. */
export function resetProxies(
  { proxies, focus }: { readonly proxies: Proxies; readonly focus: Focus },
  { name }: Subject,
): void {
  focus.subject = name;
  for (const side of SIDES) proxies[side].reset();
}

/** writesOf is what both have counted. */
export function writesOf(proxies: Proxies): Writes {
  return {
    management: proxies.management.writes.length,
    workload: proxies.workload.writes.length,
  };
}

/** Strike is what came of a kill that was asked for. */
export interface Strike {
  /** The write at which it struck; undefined as long as it has not. */
  readonly hit: () => SeenRequest | undefined;
  /** Takes it back. */
  readonly cancel: () => void;
}

/** strikeAt kills at a point; the request then gets no answer, whether it was carried out or not. */
export function strikeAt(
  proxies: Proxies,
  { side, write, when }: KillPoint,
  kill: () => Promise<void> | void,
): Strike {
  let hit: SeenRequest | undefined;
  const cancel = proxies[side].onWrite(write, when, async (request) => {
    hit = request;
    await kill();
    return 'drop' as const;
  });
  return { hit: () => hit, cancel };
}
