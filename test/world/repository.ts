import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The repository's folder. It is searched upwards for package.json, because this file runs both from
 * its source (jest) and from dist/ (the built entry).
 */
export function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('cannot find package.json above test/world');
    folder = parent;
  }
  return folder;
}

/** The built file of a source path such as `function/main.ts`; main.ts of the world runs after tsc. */
export function builtFile(source: string): string {
  return join(repositoryRoot(), 'dist', source.replace(/\.ts$/, '.js'));
}
