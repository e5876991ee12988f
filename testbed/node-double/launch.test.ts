import { describe, expect, it } from '@jest/globals';
import { binaryOf } from './config.ts';
import { restartDelay } from './container-keeper.ts';
import { commandOf, type Launch } from './launch.ts';
import { portOf } from './probe.ts';
import { sampleContainer } from './sample-pod.ts';

const LAUNCH: Launch = {
  root: '/state/root',
  hostname: 'web-1',
  holder: 42,
  binds: [
    { source: '/bin/app', target: '/manager', readOnly: true },
    { source: '/v/work', target: '/work', readOnly: false },
  ],
  user: { uid: 7, gid: 8 },
  workingDir: '/',
  argv: ['/manager', '--a', '$(x) "y"'],
};

/** The command without the script that makes the root. */
function words(launch: Launch): string[] {
  return commandOf(launch).filter((word) => !word.includes('\n'));
}

describe('commandOf', () => {
  it('enters the network of the Pod and hands all on unquoted', () => {
    expect(words(LAUNCH).join(' ')).toBe(
      'setpriv --pdeathsig KILL nsenter -t 42 --net unshare --fork --kill-child ' +
        '--mount --pid --uts --propagation private sh -c sh /state/root web-1 --userspec=7:8 / ' +
        '/bin/app /manager ro /v/work /work rw -- /manager --a $(x) "y"',
    );
  });

  it('stays in the network of the site, and is who the double is', () => {
    const command = words({ ...LAUNCH, holder: undefined, user: undefined });
    expect(command).not.toContain('nsenter');
    expect(command.join(' ')).toContain('web-1  / /bin/app');
  });
});

describe('binaryOf', () => {
  const images = { 'reg:5000/a/b': { bin: '/b', at: '/m' }, 'a/b:v2': { bin: '/b2', at: '/m' } };
  it.each([
    ['without tag', 'reg:5000/a/b', '/b'],
    ['with tag', 'reg:5000/a/b:v1', '/b'],
    ['with digest', 'reg:5000/a/b:v1@sha256:00', '/b'],
    ['one tag only', 'a/b:v2', '/b2'],
    ['another tag', 'a/b:v1', undefined],
  ])('%s', (_reason, image, bin) => {
    expect(binaryOf(images, image)?.bin).toBe(bin);
  });
});

describe('restartDelay', () => {
  it.each([
    [1, 200],
    [2, 1000],
    [4, 4000],
    [50, 10_000],
  ])('after %i failures', (failures, ms) => {
    expect(restartDelay(failures)).toBe(ms);
  });
});

describe('portOf', () => {
  const container = sampleContainer({ ports: [{ name: 'web', containerPort: 8080 }] });
  it.each([
    ['web', 8080],
    [9443, 9443],
    ['9443', 9443],
  ])('%p', (port, expected) => {
    expect(portOf(container, port)).toBe(expected);
  });
});
