import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../lib/core/object.ts';
import { productRoot } from '../../lib/program/product-files.ts';

/** RenderInput is what Crossplane hands to the function: all that a render command takes, too. */
export interface RenderInput {
  readonly composite: KubeObject;
  /** Composed resources that exist, with the annotation that names each. */
  readonly observed: readonly KubeObject[];
  /** Everything else in the API server that the function may ask for. */
  readonly required: readonly KubeObject[];
}

/** RenderCase is one folder of cases/: a situation, and in `expected.yaml` what the function answers. */
export interface RenderCase {
  /** Name of the folder. */
  readonly name: string;
  readonly folder: string;
  /** What the function does here: the comment on top of xr.yaml, as one line. */
  readonly sentence: string;
  readonly input: RenderInput;
}

/** Folder of everything about rendering. */
export const RENDER_FOLDER = join(productRoot(), 'test', 'render');

const CASES = join(RENDER_FOLDER, 'cases');

/** All cases, in the order in which they are read. */
export function loadCases(): readonly RenderCase[] {
  return readdirSync(CASES).toSorted().map(loadCase);
}

/**
 * One case by the name of its folder.
 *
 * @throws Error when its xr.yaml is missing or says on top nothing about the case
 */
export function loadCase(name: string): RenderCase {
  const folder = join(CASES, name);
  const text = readFileSync(join(folder, 'xr.yaml'), 'utf8');
  const sentence = commentOnTop(text);
  if (sentence === '') {
    throw new Error(
      `cannot use case ${name}: begin its xr.yaml with a comment, one sentence on what the function does here`,
    );
  }
  return {
    name,
    folder,
    sentence,
    input: {
      composite: parse(text) as KubeObject,
      observed: objectsIn(join(folder, 'observed.yaml')),
      required: objectsIn(join(folder, 'required.yaml')),
    },
  };
}

/** The objects of a file of YAML documents; none when there is no such file. */
export function objectsIn(file: string): readonly KubeObject[] {
  if (!existsSync(file)) return [];
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

function commentOnTop(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s*/, ''))
    .join(' ');
}
