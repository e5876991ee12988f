import { spawnSync } from 'node:child_process';
import { describe, expect, it, jest } from '@jest/globals';
import { fc, runs } from './properties.ts';

const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/** What the property below drew, told by a run of this very file in a process of its own. */
function drawnBy(seed: number, propertyRuns?: number): unknown {
  const { CI: _ci, PROPERTY_RUNS: _runs, ...env } = process.env;
  const told = spawnSync(
    process.execPath,
    [...JEST, 'test/properties.test.ts', '--testNamePattern=draws', `--seed=${seed}`],
    {
      encoding: 'utf8',
      env: {
        ...env,
        TELL_DRAWN: 'yes',
        ...(propertyRuns === undefined ? {} : { PROPERTY_RUNS: String(propertyRuns) }),
      },
    },
  );
  const line = /DRAWN (.*) NWARD/.exec(`${told.stdout}${told.stderr}`)?.[1];
  return line === undefined ? told.stderr : JSON.parse(line);
}

describe('properties', () => {
  it('draws from the seed that jest prints', () => {
    const drawn: number[] = [];
    fc.assert(
      fc.property(fc.integer(), (number) => {
        drawn.push(number);
      }),
      runs(5),
    );
    expect(fc.readConfigureGlobal().seed).toBe(jest.getSeed());
    if (process.env['TELL_DRAWN'] !== undefined) {
      process.stderr.write(`DRAWN ${JSON.stringify(drawn)} NWARD\n`);
    }
  });

  it('are the same again by their seed, and others by another', () => {
    const first = drawnBy(7);
    expect(first).toHaveLength(5);
    expect(drawnBy(7)).toEqual(first);
    expect(drawnBy(8)).not.toEqual(first);
  }, 60_000);

  it('are tried as often as PROPERTY_RUNS says', () => {
    expect(drawnBy(7, 12)).toHaveLength(12);
  }, 60_000);
});
