import { describe, expect, it } from '@jest/globals';
import { type KubeObject, isRecord } from '../lib/core/object.ts';
import { plainText } from '../lib/core/reported.ts';
import { answerOf } from './answer.ts';
import {
  aCluster,
  aComposite,
  aMachine,
  anInstallation,
  aPivot,
  aPlan,
  aSide,
  aSnapshot,
  LONG,
} from './testing/snapshots.ts';

/** Clears the screen in two ways, makes a link, turns the direction of the text, and hides a character. */
const EVIL = '\u001b[2J\u009b2J\u001b]8;;http://evil\u0007\u202e\u200b';
/** What a terminal can be told to show in color: our own escapes. */
const COLOURS = new RegExp(`${String.fromCodePoint(27)}\\[(0|2|1|31|32|33|1;31)m`, 'g');

/** The object with the evil text in everything that somebody else wrote. */
function poisoned<Value>(value: Value): Value;
function poisoned(value: unknown): unknown {
  if (typeof value === 'string') return /^\d{4}-/.test(value) ? value : `${value}${EVIL}`;
  if (Array.isArray(value)) return value.map((entry: unknown) => poisoned(entry));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const isFixed = ['type', 'status', 'apiVersion', 'kind'].includes(key);
      return [key, isFixed && typeof entry === 'string' ? entry : poisoned(entry)];
    }),
  );
}

function cluster(): KubeObject {
  return aCluster('moving', 2, true, { conditions: { Available: ['False', 'Broken', 'x'] } });
}

const failing = { Ready: ['False', 'Failed', 'it says'] } as const;
const side = aSide({ cluster: cluster(), machines: [aMachine('m-1', { conditions: failing })] });
const snapshot = poisoned(
  aSnapshot({
    ...aComposite({ conditions: { Accepted: ['False', 'InvalidSpec', 'spec.x is wrong'] } }),
    management: side,
    workload: { kind: 'Reached', objects: side, deployments: [] },
    plan: aPlan({ conditions: { WorkersReady: ['False', 'Stuck', 'no machines'] } }),
    agentInstallation: anInstallation({ conditions: failing }),
    pivot: aPivot({
      conditions: failing,
      status: { steps: [{ name: 'Fence', startTime: LONG, message: 'waits' }] },
    }),
  }),
);

describe('the output for people', () => {
  const table = (['status', 'explain'] as const).flatMap((command) =>
    [true, false].map((colours) => ({ command, colours })),
  );
  it.each(table)('has no control characters: $command, colours $colours', async (given) => {
    const text = await answerOf(
      { command: given.command, output: 'text' },
      snapshot,
      given.colours,
    );
    const lines = text.split('\n').map((line) => line.replaceAll(COLOURS, ''));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toBe(plainText(line));
    expect(text.includes('spec.x is wrong')).toBe(true);
  });

  it('JSON is what was read', async () => {
    const text = await answerOf({ command: 'explain', output: 'json' }, snapshot, false);
    expect(text.includes('\\u001b[2J')).toBe(true);
  });
});
