import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { G1, G2 } from '../capi/gates.ts';
import { REASON_LISTS } from '../lib/apis/reasons/lists.ts';
import type { ReasonList } from '../lib/apis/reasons/reason-list.ts';
import { REASONS_FOLDER, reasonTexts } from './generator/reasons.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** The product sources at a path, without comments: what is only told of there is not written. */
function sourcesAt(path: string): string {
  const whole = join(ROOT, path);
  const files = statSync(whole).isFile()
    ? [whole]
    : readdirSync(whole, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|testing/.test(file))
        .map((file) => join(whole, file));
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  return texts.join('\n').replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
}

/** Reasons that code makes of a prefix and the name of a part. */
function madeOfParts(): readonly string[] {
  const source = sourcesAt('provider/installation/parts');
  const needs = [...source.matchAll(/needs: \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
  );
  const words = [...source.matchAll(/agentWord\(\s*'(\w+)'/g)].map(([, name = '']) => name);
  return [...needs, ...words].map((name) => `WaitingFor${name}`);
}

const MADE: ReadonlySet<string> = new Set([
  ...[...G1.predicates, ...G2.predicates].map(({ name }) => name),
  ...madeOfParts(),
]);

function isWritten({ writers, constant }: ReasonList, reason: string): boolean {
  if (MADE.has(reason)) return true;
  const source = writers.map(sourcesAt).join('\n');
  return source.includes(`'${reason}'`) || source.includes(`${constant}.${reason}`);
}

describe.each(REASON_LISTS)('the reasons of $constant', (list) => {
  const reasons = Object.entries(list.reasons);

  it('are called as they are written', () => {
    expect(reasons.map(([name]) => name)).toEqual(reasons.map(([, reason]) => reason));
  });

  it('stand in the constant and file that the list names', async () => {
    const module = (await import(join(ROOT, REASONS_FOLDER, list.file))) as Record<string, unknown>;
    expect(module[list.constant]).toBe(list.reasons);
  });

  it('are all written by a program', () => {
    const dead = reasons.map(([, reason]) => reason).filter((reason) => !isWritten(list, reason));
    expect(dead).toEqual([]);
  });

  it('say when they are set and what to do', () => {
    const source = readFileSync(join(REASONS_FOLDER, list.file), 'utf8');
    const texts = reasonTexts(source, list.constant);
    expect([...texts.keys()]).toEqual(reasons.map(([name]) => name));
    for (const { meaning, next } of texts.values()) {
      expect(meaning).toMatch(/^\S.*[.]$/);
      expect(next).toMatch(/^\S.*[.]$/);
    }
  });

  it('are not called healthy where one is written as a failure', () => {
    const source = list.writers.map(sourcesAt).join('\n');
    const failing = reasons
      .filter(([, reason]) => list.quiet[reason]?.kind === 'Healthy')
      .filter(([, reason]) =>
        new RegExp(`status: 'False',\\s*reason: '${reason}'|'Warning',\\s*'${reason}'`).test(
          source,
        ),
      );
    expect(failing).toEqual([]);
  });
});

describe('lib/apis/reasons', () => {
  it('has no constant that is in no list', () => {
    const files = readdirSync(REASONS_FOLDER).filter((file) => file.endsWith('.ts'));
    const constants = files.flatMap((file) => {
      const source = readFileSync(join(REASONS_FOLDER, file), 'utf8');
      return [...source.matchAll(/^export const (\w+) = \{$/gm)].map(([, name]) => name);
    });
    expect(new Set(constants)).toEqual(new Set(REASON_LISTS.map(({ constant }) => constant)));
  });

  it('refuses a comment that does not say what to do', () => {
    const source = "export const A = {\n  /** It is. */\n  B: 'B',\n} as const;";
    expect(() => reasonTexts(source, 'A')).toThrow('must say when it is set');
  });
});

/** Where conditions of a kind are written: nothing there has a reason of another kind. */
const WRITERS = [
  { folder: 'provider/pivot', objects: ['Pivot'] },
  { folder: 'provider/teardown', objects: ['ManagedCluster'] },
  { folder: 'provider/installation', objects: ['AgentInstallation'] },
];

describe.each(WRITERS)('the outcomes in $folder', ({ folder, objects }) => {
  it('have reasons of their own kind', () => {
    const own = REASON_LISTS.filter(({ object }) => objects.includes(object)).flatMap(
      ({ reasons }) => Object.values(reasons),
    );
    const outcomes = /\b(?:wait|stalled|giveUp)\(\s*'(\w+)'/g;
    const used = [...sourcesAt(folder).matchAll(outcomes)].map(([, reason = '']) => reason);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((reason) => !own.includes(reason))).toEqual([]);
  });
});
