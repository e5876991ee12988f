import { describe, expect, it } from '@jest/globals';
import { createLogger } from './log.ts';
import type { LogLevel } from './log.ts';

describe('createLogger', () => {
  it.each<{ reason: string; level: LogLevel; want: readonly string[] }>([
    { reason: 'debug writes all', level: 'debug', want: ['DEBUG', 'INFO', 'ERROR'] },
    { reason: 'info leaves out debug', level: 'info', want: ['INFO', 'ERROR'] },
    { reason: 'silent writes nothing', level: 'silent', want: [] },
  ])('$reason', ({ level, want }) => {
    const lines: string[] = [];
    const log = createLogger(level, { write: (line) => lines.push(line) });
    log.debug('a');
    log.info({ Cluster: 'demo' }, 'b');
    log.error('c');
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed.map(({ severity }) => severity)).toEqual(want);
    for (const { time } of parsed) expect(new Date(time).toISOString()).toBe(time);
  });

  it('writes keys next to the message, and no host information', () => {
    const lines: string[] = [];
    createLogger('info', { write: (line) => lines.push(line) })
      .child({ Cluster: 'demo' })
      .info('seen');
    expect(Object.keys(JSON.parse(lines[0] ?? '')).toSorted()).toEqual([
      'Cluster',
      'msg',
      'severity',
      'time',
    ]);
  });
});
