import { describe, expect, it } from '@jest/globals';
import { isLauncher } from './launchers.ts';

describe('isLauncher', () => {
  it.each([
    { line: 'npm run demo ', launcher: true, reason: 'npm rewrites its title' },
    { line: 'sh -c node hack/run.mjs demo ', launcher: true, reason: 'the shell of npm' },
    { line: 'node hack/run.mjs demo ', launcher: true, reason: 'the entry itself' },
    { line: '/usr/bin/node /src/hack/run.mjs ', launcher: true, reason: 'with a full path' },
    { line: '-bash ', launcher: false, reason: 'a terminal may be closed' },
    { line: 'vim hack/run.mjs.orig ', launcher: false, reason: 'another file' },
    { line: '', launcher: false, reason: 'gone' },
  ])('$line: $reason', ({ line, launcher }) => {
    expect(isLauncher(line)).toBe(launcher);
  });
});
