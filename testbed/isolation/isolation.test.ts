import { describe, expect, it } from '@jest/globals';
import { isolatedCommand, isolationRefused } from './isolation.ts';

describe('isolatedCommand', () => {
  it('dies with its parent and takes the PID namespace along', () => {
    expect(
      isolatedCommand({ isolation: 'root', network: 'own' }, ['node', 'main.js']).join(' '),
    ).toBe(
      'setpriv --pdeathsig KILL unshare --mount --net --pid --fork --kill-child --mount-proc node main.js',
    );
  });

  it('makes a user namespace first for one who is not root', () => {
    expect(isolatedCommand({ isolation: 'user', network: 'own' }, [])).toEqual(
      expect.arrayContaining(['--user', '--map-root-user']),
    );
  });

  it('shares nothing but the network of the machine with one that wants it', () => {
    const own = isolatedCommand({ isolation: 'root', network: 'own' }, []);
    const shared = isolatedCommand({ isolation: 'root', network: 'machine' }, []);
    expect(shared).toEqual(own.filter((word) => word !== '--net'));
  });
});

describe('isolationRefused', () => {
  it.each([
    { uid: 0, refusals: ['unshare failed: EPERM', ''], says: ['EPERM', '--privileged'] },
    { uid: 1000, refusals: ['unshare: denied'], says: ['denied', 'sudo', 'userns_clone=1'] },
  ])('says what to do as user $uid', ({ uid, refusals, says }) => {
    for (const words of says) expect(isolationRefused(uid, refusals)).toContain(words);
  });
});
