import { join } from 'node:path';
import { productRoot } from '../lib/program/product-files.ts';

/** The build output of a source path such as `function/main.ts`: hack/run.mjs builds before a world starts. */
export function builtFile(source: string): string {
  return join(productRoot(), 'dist', source.replace(/\.ts$/, '.js'));
}
