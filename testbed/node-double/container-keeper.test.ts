import { describe, expect, it } from '@jest/globals';
import { ContainerKeeper } from './container-keeper.ts';
import type { ContainerProcess } from './container-process.ts';
import { type Pod, StartError } from './pod.ts';
import { sampleContainer, samplePod } from './sample-pod.ts';
import type { ContainerRecord } from './status.ts';

function exited(code: number): ContainerProcess {
  return { startedAt: new Date(), exited: Promise.resolve(code), signal: () => undefined };
}

/** Runs a container whose starts go as given; tells its states as short text. */
async function states(
  pod: Pod,
  starts: (number | Error)[],
  init = false,
): Promise<{ code: number; told: string[] }> {
  const told: string[] = [];
  const stop = new AbortController();
  const keeper = new ContainerKeeper({
    pod,
    container: sampleContainer(),
    init,
    address: '127.0.0.1',
    signal: stop.signal,
    log: () => undefined,
    tell: (record) => told.push(short(record)),
    launcher: {
      start: () => {
        const next = starts.shift() ?? 0;
        if (starts.length === 0) setTimeout(() => stop.abort(), 50);
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(exited(next));
      },
    },
  });
  return { code: await keeper.run(), told };
}

function short({ state, restarts, ready }: ContainerRecord): string {
  if ('waiting' in state) return `${state.waiting.reason} ${restarts}`;
  if ('running' in state) return ready ? 'ready' : 'running';
  return `ended ${state.terminated.exitCode}`;
}

describe('ContainerKeeper', () => {
  it('starts a container again that ended, as often as it takes', async () => {
    const { told } = await states(samplePod(), [1, 0]);
    expect(told.filter((state) => state !== 'ready')).toEqual([
      'running',
      'ended 1',
      'CrashLoopBackOff 1',
      'running',
      'ended 0',
      'CrashLoopBackOff 2',
    ]);
  });

  it.each<[string, Pod['spec']['restartPolicy'], number, boolean]>([
    ['never restarted', 'Never', 3, false],
    ['restarted on failure only, and it did not fail', 'OnFailure', 0, false],
    ['an init container that succeeded', 'Always', 0, true],
  ])('leaves it at its end: %s', async (_reason, restartPolicy, code, init) => {
    const pod = samplePod(restartPolicy === undefined ? {} : { restartPolicy });
    const ready = init ? [] : ['ready'];
    const told = ['running', ...ready, `ended ${code}`];
    expect(await states(pod, [code], init)).toEqual({ code, told });
  });

  it('says why it cannot start, and tries again', async () => {
    const missing = new StartError('CreateContainerConfigError', 'secret "s" not found');
    const { told } = await states(samplePod({ restartPolicy: 'Never' }), [missing, 0, 0]);
    expect(told).toEqual(['CreateContainerConfigError 0', 'running', 'ready', 'ended 0']);
  });
});
