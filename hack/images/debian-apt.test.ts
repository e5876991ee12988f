import { describe, expect, it } from '@jest/globals';
import { sourcesIn } from './debian-apt.ts';

const SIGNED = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';

describe('sources of Debian', () => {
  it('are those of this machine, without what else it has', () => {
    const targets = [
      'https://other.example.com/apt/ nodistro',
      'http://mirror.example.com/debian/ bookworm',
      'http://mirror.example.com/debian/ bookworm',
      'http://mirror.example.com/debian/ bookworm-updates',
      'http://mirror.example.com/security/ bookworm-security',
      '',
    ];
    expect(sourcesIn(targets.join('\n'))).toEqual([
      `deb ${SIGNED} http://mirror.example.com/debian/ bookworm main`,
      `deb ${SIGNED} http://mirror.example.com/security/ bookworm-security main`,
    ]);
  });

  it('say which is missing', () => {
    expect(() => sourcesIn('http://mirror.example.com/debian/ trixie\n')).toThrow(
      'apt on this machine has no source for bookworm: add a Debian source',
    );
  });
});
