import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubeObject } from '../../../lib/core/object.ts';
import { productRoot } from '../../../lib/program/product-files.ts';
import { readExpected } from '../../render/expected-file.ts';
import { FLAVOURS, flavourOf, inFlavour, type Flavour } from '../../render/flavour.ts';
import type { ReadableAnswer } from '../../render/readable-answer.ts';
import { loadCases, type RenderCase, type RenderInput } from '../../render/render-case.ts';
import type { RenderFiles } from './cli.ts';

/** Situation is one line of the table: something to render, and what the function answers to it. */
export interface Situation {
  readonly name: string;
  readonly input: RenderInput;
  readonly answer: ReadableAnswer;
}

/** Every case in both flavours, as far as it exists in both. */
export function caseSituations(): readonly Situation[] {
  return loadCases().flatMap((one) => {
    const answer = readExpected(one);
    return inputsOf(one).map(([flavour, input]) => ({
      name: `${one.name} ${flavour}`,
      input,
      answer,
    }));
  });
}

function inputsOf({ input }: RenderCase): readonly (readonly [Flavour | 'neither', RenderInput])[] {
  if (flavourOf(input.composite) === undefined) return [['neither', input]];
  return FLAVOURS.flatMap((flavour) => {
    const converted = inFlavour(input, flavour);
    return converted === undefined ? [] : [[flavour, converted] as const];
  });
}

/** Name of the Composition for a composite, and of its XRD; both are files of that name. */
export function compositionName({ apiVersion, kind }: KubeObject): string {
  const group = apiVersion.slice(0, apiVersion.indexOf('/'));
  return `${kind.toLowerCase()}s.${group}`;
}

/** Writes a situation into a folder of its own, and names what belongs to it in the repository. */
export function writeSituation(
  { name, input }: Situation,
  folder: string,
  functions: string,
): RenderFiles {
  const own = join(folder, name.replaceAll(/[^a-z0-9-]+/g, '-'));
  mkdirSync(own, { recursive: true });
  const { composite, observed, required } = input;
  const file = `${compositionName(composite)}.yaml`;
  return {
    composite: written(join(own, 'xr.yaml'), [composite]),
    composition: join(productRoot(), 'compositions', file),
    definition: join(productRoot(), 'xrds', file),
    functions,
    ...(observed.length === 0 ? {} : { observed: written(join(own, 'observed.yaml'), observed) }),
    ...(required.length === 0 ? {} : { required: written(join(own, 'required.yaml'), required) }),
  };
}

/** The Function object that points a render at a function that runs already. */
export function writeFunctions(folder: string, address: string): string {
  // v1.16 takes no other apiVersion, and all take this one (facts/crossplane-runs.md 8).
  const object = {
    apiVersion: 'pkg.crossplane.io/v1beta1',
    kind: 'Function',
    metadata: {
      name: 'function-managed-cluster',
      annotations: {
        'render.crossplane.io/runtime': 'Development',
        'render.crossplane.io/runtime-development-target': `dns:///${address}`,
      },
    },
    spec: { package: 'registry.example.com/function-managed-cluster:dev' },
  };
  return written(join(folder, 'functions.yaml'), [object]);
}

/** Writes objects as YAML documents and returns the path. */
export function written(path: string, objects: readonly (KubeObject | object)[]): string {
  const documents = objects.map((object) =>
    stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  writeFileSync(path, documents.join('---\n'));
  return path;
}
