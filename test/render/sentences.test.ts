import { describe, expect, it } from '@jest/globals';
import { runFunction } from '../../function/run-function.ts';
import { backwards } from './backwards.ts';
import { UPDATING } from './expected-file.ts';
import { readableAnswer, type ReadableCondition } from './readable-answer.ts';
import { reconcile } from './reconcile.ts';
import {
  loadSentenceTables,
  situationOf,
  writeSentences,
  type SentenceRow,
  type SentenceTable,
} from './sentences.ts';

async function saidIn(
  table: SentenceTable,
  row: SentenceRow,
  input = situationOf(table, row),
): Promise<ReadableCondition> {
  const { response } = await reconcile(async (request) => runFunction(request), input);
  const { conditions } = readableAnswer(response, input.composite);
  const said = conditions.find(({ type }) => type === table.condition);
  if (said === undefined) throw new Error(`the function sets no condition ${table.condition}`);
  return said;
}

describe.each(loadSentenceTables())('$file', (table) => {
  it('says what it says', async () => {
    const said = await Promise.all(table.rows.map((row) => saidIn(table, row)));
    if (UPDATING) await writeSentences(table, said);
    const rows = loadSentenceTables().find(({ file }) => file === table.file)?.rows ?? [];
    expect(said.map(({ reason, message }) => ({ reason, says: message }))).toEqual(
      rows.map(({ reason, says }) => ({ reason, says })),
    );
  });

  it('says the same whatever the order of keys, which Go chooses by chance', async () => {
    const said = await Promise.all(
      table.rows.map((row) => saidIn(table, row, backwards(situationOf(table, row)))),
    );
    expect(said.map(({ message }) => message)).toEqual(table.rows.map(({ says }) => says));
  });

  it('has no row in which there is nothing to say', async () => {
    const said = await Promise.all(table.rows.map((row) => saidIn(table, row)));
    const silent = table.rows.filter((_row, index) => said[index]?.status === 'True');
    expect(silent.map(({ when }) => when)).toEqual([]);
  });

  it('is silent where its case is not changed at all, or says something else', async () => {
    const unchanged = await saidIn(table, { when: 'nothing is changed' });
    expect(table.rows.map(({ says }) => says)).not.toContain(unchanged.message);
  });
});
