import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../core/object.ts';
import { StatusError } from '../kube/errors.ts';
import { type Ending, managed, type ManagedPass } from './managed.ts';
import { done, giveUp, type Outcome, stalled, wait } from './outcome.ts';

const KEY = { namespace: 'team', name: 'demo' };
const FINALIZER = 'example.org/ours';

interface Scene {
  readonly metadata?: Partial<KubeObject['metadata']>;
  readonly gone?: boolean;
  /** It is there when it is read, and gone at the first write. */
  readonly vanishes?: boolean;
  readonly paused?: boolean;
  readonly held?: boolean;
  readonly run?: () => Promise<Outcome<unknown>>;
  readonly report?: (ending: Ending) => Promise<void>;
}

/** A controller that records every action in `acts`. */
function subject(scene: Scene) {
  const { metadata = {}, vanishes, paused = false, held = true, run, report } = scene;
  const acts: string[] = [];
  const found: KubeObject = {
    apiVersion: 'example.org/v1',
    kind: 'Thing',
    metadata: { ...KEY, uid: 'u', resourceVersion: '7', ...metadata },
  };
  const api = {
    patch(_ref: unknown, patch: unknown): Promise<KubeObject> {
      if (vanishes === true) {
        const notFound = new StatusError('PATCH /x', 404, { reason: 'NotFound', message: 'gone' });
        return Promise.reject(new Error('cannot hold', { cause: notFound }));
      }
      const change = patch as { metadata: KubeObject['metadata'] };
      acts.push(`finalizers ${JSON.stringify(change.metadata.finalizers)}`);
      expect(change.metadata).toMatchObject({ uid: 'u', resourceVersion: '7' });
      return Promise.resolve({ ...found, metadata: { ...found.metadata, ...change.metadata } });
    },
  };
  function begin(object: KubeObject): Promise<ManagedPass> {
    acts.push(`begin ${object.metadata.finalizers?.join() ?? 'bare'}`);
    return Promise.resolve({
      object,
      paused,
      run: async () => {
        acts.push('run');
        return (await run?.()) ?? done;
      },
      report(ending) {
        acts.push(`report ${ending.kind}`);
        return report?.(ending) ?? Promise.resolve();
      },
      ended: () => void acts.push('ended'),
    });
  }
  const reconciler = managed({
    name: 'thing',
    api,
    finalizer: FINALIZER,
    read: () => Promise.resolve(scene.gone === true ? undefined : found),
    isHeld: () => held,
    begin,
    forget: ({ name }) => void acts.push(`forget ${name}`),
  });
  const stop = new AbortController();
  return { acts, stop, pass: () => reconciler.reconcile(KEY, stop.signal) };
}

const OURS = { finalizers: [FINALIZER, 'other'] };
const DELETED = { ...OURS, deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('managed', () => {
  it.each<{ of: string; scene: Scene; acts: readonly string[] }>([
    {
      of: 'a new object',
      scene: {},
      acts: [`finalizers ["${FINALIZER}"]`, `begin ${FINALIZER}`, 'run', 'report Done', 'ended'],
    },
    {
      of: 'one that bears the finalizer',
      scene: { metadata: OURS },
      acts: [`begin ${FINALIZER},other`, 'run', 'report Done', 'ended'],
    },
    {
      of: 'one that shall not be held',
      scene: { held: false },
      acts: ['begin bare', 'run', 'report Done', 'ended'],
    },
    {
      of: 'a paused one',
      scene: { paused: true, held: false },
      acts: ['begin bare', 'report Paused'],
    },
    {
      of: 'a paused one that is deleted',
      scene: { paused: true, metadata: DELETED },
      acts: [`begin ${FINALIZER},other`, 'report Paused'],
    },
    {
      of: 'a deleted one',
      scene: { metadata: DELETED },
      acts: [`begin ${FINALIZER},other`, 'run', 'report Done', 'finalizers ["other"]', 'ended'],
    },
    {
      of: 'a deleted one that was never held',
      scene: { metadata: { ...DELETED, finalizers: [] } },
      acts: ['begin ', 'run', 'report Done', 'ended'],
    },
    {
      of: 'a deleted one that is not done',
      scene: { metadata: DELETED, run: () => Promise.resolve(wait('Aborting', 'a')) },
      acts: [`begin ${FINALIZER},other`, 'run', 'report Wait'],
    },
    { of: 'one that is gone', scene: { gone: true }, acts: ['forget demo'] },
  ])('$of', async ({ scene, acts }) => {
    const s = subject(scene);
    await s.pass();
    expect(s.acts).toEqual(acts);
  });

  it.each<{ outcome: Outcome<unknown>; again: object }>([
    { outcome: done, again: {} },
    { outcome: { ...done, requeueAfterMs: 5 }, again: { requeueAfterMs: 5 } },
    { outcome: wait('Aborting', 'a'), again: {} },
    { outcome: wait('Aborting', 'a', 0), again: { requeueAfterMs: 0 } },
    { outcome: stalled('Aborting', 'a'), again: { requeueAfterMs: 15_000 } },
    { outcome: giveUp('TookTooLong', 'a'), again: { requeueAfterMs: 15_000 } },
  ])('$outcome.kind is requeued: $again', async ({ outcome, again }) => {
    const s = subject({ run: () => Promise.resolve(outcome) });
    expect(await s.pass()).toEqual(again);
  });

  it('reports a failure, and lets the queue retry', async () => {
    const s = subject({ metadata: OURS, run: () => Promise.reject(new Error('broken')) });
    await expect(s.pass()).rejects.toThrow('broken');
    expect(s.acts.slice(1)).toEqual(['run', 'report Failed']);
  });

  it('throws a failure that cannot be reported', async () => {
    const s = subject({
      metadata: OURS,
      run: () => Promise.reject(new Error('broken')),
      report: () => Promise.reject(new Error('untold')),
    });
    await expect(s.pass()).rejects.toThrow('broken');
  });

  it('does not report a failure to report: its own status write would trigger the next pass at once', async () => {
    const s = subject({ metadata: OURS, report: () => Promise.reject(new Error('untold')) });
    await expect(s.pass()).rejects.toThrow('untold');
    expect(s.acts.slice(1)).toEqual(['run', 'report Done']);
  });

  it('ignores an object that is deleted before it gets the finalizer', async () => {
    const s = subject({ vanishes: true });
    expect(await s.pass()).toEqual({});
    expect(s.acts).toEqual([]);
  });

  it('does not report a conflict: another pass follows', async () => {
    const conflict = new StatusError('PATCH /x', 409, { reason: 'Conflict', message: 'changed' });
    const s = subject({ metadata: OURS, run: () => Promise.reject(conflict) });
    await expect(s.pass()).rejects.toThrow('changed');
    expect(s.acts.slice(1)).toEqual(['run']);
  });

  it('reports nothing when the program stops: an interrupted pass has not failed', async () => {
    const s = subject({ metadata: OURS, run: () => Promise.reject(new Error('aborted')) });
    s.stop.abort();
    await expect(s.pass()).rejects.toThrow('aborted');
    expect(s.acts.slice(1)).toEqual(['run']);
  });
});
