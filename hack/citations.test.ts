import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, repositoryAt, unresolved } from './citations.ts';

const ROOT = join(import.meta.dirname, '..');
const REPOSITORY = repositoryAt(ROOT);
/** This file cites what does not exist. */
const ITSELF = 'hack/citations.test.ts';

describe('citations', () => {
  it('all resolve inside the repository', () => {
    const files = filesUnder(ROOT).filter((path) => path !== ITSELF);
    expect(files.length).toBeGreaterThan(500);
    const lost = files.flatMap((path) =>
      unresolved({ path, text: readFileSync(join(ROOT, path), 'utf8') }, REPOSITORY),
    );
    expect(lost).toEqual([]);
  });

  it.each([
    ['a page of facts that is not there', 'facts/nothing.md', 'facts/nothing.md'],
    ['a section of facts', 'facts/capi.md 9.9', 'facts/capi.md 9.9'],
    ['a page with a digit in its name', 'facts/k8s.md 1', 'facts/k8s.md 1'],
    ['a section with a letter', 'facts/e2e.md 5z', 'facts/e2e.md 5z'],
    ['a section that begins with a letter', 'facts/clouds-gap.md D99', 'facts/clouds-gap.md D99'],
    ['a second section', 'facts/crossplane-runs.md 6 and 99', 'facts/crossplane-runs.md 6 and 99'],
    ['an appendix', 'facts/crossplane.md A.9', 'facts/crossplane.md A.9'],
    ['a section of the architecture', 'DESIGN 99', 'DESIGN 99'],
    ['a decision by path', 'docs/decisions/0099', 'docs/decisions/0099'],
    ['a decision by number', '(decision 99)', 'decision 99'],
    ['a decision at the start of a sentence', 'Decision 99 says', 'Decision 99'],
    ['a page of the docs', 'see docs/nothing.md', 'docs/nothing.md'],
    ['a link', '[text](nothing.md#part)', '](nothing.md#part)'],
  ])('bites on %s', (_, line, citation) => {
    const text = `first\n${line}\n`;
    expect(unresolved({ path: 'docs/example.md', text }, REPOSITORY)).toContain(
      `docs/example.md:2: ${citation}`,
    );
  });

  it.each(['.oxlintrc.json', 'hack/run.mjs', 'README.md', 'jest.config.js', 'lib/errors.ts'])(
    'are looked for in %s',
    (path) => {
      expect(filesUnder(ROOT)).toContain(path);
    },
  );

  it('lets right ones pass', () => {
    const text =
      'facts/capi.md 2.4, facts/e2e.md 5b, facts/clouds-gap.md D1. DESIGN 5 and 8, decision 1, docs/cli.md, [a](cli.md#b), [c](https://x.org)';
    expect(unresolved({ path: 'docs/example.md', text }, REPOSITORY)).toEqual([]);
  });
});

describe('decisions', () => {
  const decisions = readdirSync(join(ROOT, 'docs/decisions')).toSorted();

  it.each(decisions)('%s begins with number, date and status', (name) => {
    const text = readFileSync(join(ROOT, 'docs/decisions', name), 'utf8');
    const number = String(Number(name.slice(0, 4)));
    expect(text).toMatch(
      new RegExp(
        String.raw`^# ${number}\. .+\n\nDate: \d{4}-\d\d-\d\d; status: (?:accepted|superseded by decision \d+)\n\n`,
      ),
    );
  });

  it('are numbered without gaps', () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(
      decisions.map((_, i) => i + 1),
    );
  });
});
