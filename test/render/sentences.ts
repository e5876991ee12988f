import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { mergePatch } from '../../lib/core/merge-patch.ts';
import { type Json, type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { inFormat } from './expected-file.ts';
import { resourceNameOf } from './reconcile.ts';
import { loadCase, RENDER_FOLDER, type RenderInput } from './render-case.ts';

/** SentenceTable is one file of sentences/: a case, and what a condition says when one thing is else. */
export interface SentenceTable {
  readonly file: string;
  /** Name of the case that each row changes. */
  readonly case: string;
  /** Type of the condition that speaks. */
  readonly condition: string;
  readonly rows: readonly SentenceRow[];
}

/**
 * SentenceRow is one change, as merge patches; conditions are patched by their type. A patch of null
 * takes the whole object away.
 */
export interface SentenceRow {
  readonly when: string;
  readonly composite?: Json;
  /** By composition resource name. */
  readonly composed?: Readonly<Record<string, Json>>;
  /** By name. */
  readonly required?: Readonly<Record<string, Json>>;
  readonly reason?: string;
  readonly says?: string;
}

const FOLDER = join(RENDER_FOLDER, 'sentences');

/** All tables, by file. */
export function loadSentenceTables(): readonly SentenceTable[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => ({ file, ...parseDocument(read(file)).toJS() }) as SentenceTable);
}

/** Writes what is really said into a table, and keeps all else of the file. */
export async function writeSentences(
  { file, rows }: SentenceTable,
  said: readonly { readonly reason: string; readonly message: string }[],
): Promise<void> {
  const document = parseDocument(read(file));
  for (const [index] of rows.entries()) {
    document.setIn(['rows', index, 'reason'], said[index]?.reason);
    document.setIn(['rows', index, 'says'], said[index]?.message);
  }
  writeFileSync(join(FOLDER, file), await inFormat(document.toString({ lineWidth: 0 })));
}

/** The situation of a row. */
export function situationOf(table: SentenceTable, row: SentenceRow): RenderInput {
  const { composite, observed, required } = loadCase(table.case).input;
  const [patchedComposite = composite] = patched([composite], () => row.composite);
  return {
    composite: patchedComposite,
    observed: patched(observed, (object) => row.composed?.[resourceNameOf(object)]),
    required: patched(required, ({ metadata }) => row.required?.[metadata.name ?? '']),
  };
}

function patched(
  objects: readonly KubeObject[],
  patchFor: (object: KubeObject) => Json | undefined,
): readonly KubeObject[] {
  return objects.flatMap((object) => {
    const patch = patchFor(object);
    if (patch === undefined) return [object];
    if (patch === null) return [];
    const merged = mergePatch(conditionsByType(object) as Json, patch);
    return [conditionsAsList(merged as unknown as KubeObject)];
  });
}

function conditionsByType(object: KubeObject): unknown {
  const status = recordIn(object, 'status');
  const list = status?.['conditions'];
  if (!Array.isArray(list)) return object;
  const conditions = Object.fromEntries(
    list.filter(isRecord).map((condition) => [String(condition['type']), condition]),
  );
  return { ...object, status: { ...status, conditions } };
}

function conditionsAsList(object: KubeObject): KubeObject {
  const status = recordIn(object, 'status');
  const byType = recordIn(status, 'conditions');
  if (byType === undefined) return object;
  const conditions = Object.entries(byType).map(([type, condition]) => ({
    type,
    ...(isRecord(condition) ? condition : {}),
  }));
  return { ...object, status: { ...status, conditions } };
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}
