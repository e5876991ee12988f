import { describe, expect, it } from '@jest/globals';
import { missingPreconditions, pathWithSystemCommands } from './preconditions.ts';

describe('missingPreconditions', () => {
  it.each([
    {
      reason: 'all is there',
      facts: { platform: 'linux', missingCommands: [], root: false },
      said: [],
    },
    {
      reason: 'not Linux: nothing else matters',
      facts: { platform: 'darwin', missingCommands: ['ip', 'go'], root: false },
      said: ['the world needs Linux (network namespaces), but this is darwin: use a Linux VM'],
    },
    {
      reason: 'no Go, which is no package of the distribution',
      facts: { platform: 'linux', missingCommands: ['go'], root: false },
      said: [
        'Go is missing; it is needed to build the programs of the world: install it from https://go.dev/dl and put it on the PATH',
      ],
    },
    {
      reason: 'one package has two of them',
      facts: { platform: 'linux', missingCommands: ['ip', 'unshare', 'setpriv'], root: false },
      said: [
        'missing on the PATH: ip, unshare, setpriv; apt-get install iproute2 util-linux ' +
          '(the package names are similar in other distributions)',
      ],
    },
    {
      reason: 'both',
      facts: { platform: 'linux', missingCommands: ['go', 'ip'], root: false },
      said: [expect.stringContaining('go.dev'), expect.stringContaining('install iproute2 ')],
    },
  ])('says what to install: $reason', ({ facts, said }) => {
    expect(missingPreconditions(facts)).toEqual(said);
  });
});

describe('missingPreconditions of one kind of world', () => {
  it('names the packages of its own commands, and root', () => {
    const facts = { platform: 'linux', missingCommands: ['ip', 'dockerd'], root: false };
    const needs = { commands: { dockerd: 'docker.io' }, root: true };
    expect(missingPreconditions(facts, needs)).toEqual([
      expect.stringContaining('need root'),
      expect.stringContaining(
        'missing on the PATH: ip, dockerd; apt-get install iproute2 docker.io ',
      ),
    ]);
  });
});

describe('pathWithSystemCommands', () => {
  it.each([
    { reason: 'a user of Debian', path: '/usr/bin:/bin', want: '/usr/bin:/bin:/usr/sbin:/sbin' },
    { reason: 'root has one', path: '/usr/sbin:/usr/bin', want: '/usr/sbin:/usr/bin:/sbin' },
    { reason: 'empty', path: '', want: '/usr/sbin:/sbin' },
  ])('adds what is missing: $reason', ({ path, want }) => {
    expect(pathWithSystemCommands(path)).toBe(want);
  });
});
