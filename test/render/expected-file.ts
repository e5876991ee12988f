import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { parse, stringify } from 'yaml';
import { isRecord } from '../../lib/core/object.ts';
import type { ReadableAnswer } from './readable-answer.ts';
import type { RenderCase } from './render-case.ts';

/** Whether the files shall be written from what the function answers, instead of compared with it. */
export const UPDATING = process.env['UPDATE_EXPECTED'] !== undefined;

/** The answer that a case expects. */
export function readExpected({ folder }: RenderCase): ReadableAnswer {
  return parse(readFileSync(join(folder, 'expected.yaml'), 'utf8')) as ReadableAnswer;
}

/** Writes the answer down as the one that the case expects, for a person to read through. */
export async function writeExpected({ folder }: RenderCase, answer: ReadableAnswer): Promise<void> {
  const text = stringify(inReadingOrder(answer), { lineWidth: 0, aliasDuplicateObjects: false });
  writeFileSync(join(folder, 'expected.yaml'), await inFormat(text));
}

/** YAML in the format that prettier checks. */
export function inFormat(text: string): Promise<string> {
  return format(text, { parser: 'yaml', singleQuote: true, printWidth: 100 });
}

/** Fields in the order in which people write them: what it is before what it is like. */
const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function inReadingOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inReadingOrder);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).toSorted((a, b) => rank(a) - rank(b));
  return Object.fromEntries(keys.map((key) => [key, inReadingOrder(value[key])]));
}

function rank(key: string): number {
  return FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length;
}
