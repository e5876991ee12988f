import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Folders with our TypeScript. */
const FOLDERS = [
  'lib',
  'capi',
  'function',
  'provider',
  'agent',
  'cli',
  'toolchain',
  'testbed',
  'hack',
  'test',
];

/** PRODUCT are the folders that ship. */
export const PRODUCT: readonly string[] = FOLDERS.slice(0, FOLDERS.indexOf('toolchain'));

/** WORKSPACES are the packages besides the product, which others import by name. */
export const WORKSPACES: readonly string[] = ['toolchain', 'testbed'];

const SCOPE = '@managed-cluster/';

/** Import is one import between two files, by their paths in the repository. */
export interface Import {
  readonly from: string;
  /** The imported file, or the entry point of a workspace. */
  readonly to: string;
  /** Whether the import uses the name of a package. */
  readonly byName: boolean;
}

/** sources are all our TypeScript files. */
export function sources(): readonly string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
      .map((name) => `${folder}/${name}`),
  ).toSorted();
}

/** importsOf are the imports of our files in a file, including dynamic imports. */
export function importsOf(from: string, text = readFileSync(from, 'utf8')): readonly Import[] {
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const specifiers = code.matchAll(
    /(?:^(?:import|export) [^;'`]*?from |^\} from |^import |\bimport\()\s*'([^']+)'/gm,
  );
  return [...specifiers].flatMap(([, specifier = '']): readonly Import[] => {
    if (specifier.startsWith('.')) {
      return [{ from, to: posix.join(posix.dirname(from), specifier), byName: false }];
    }
    if (!specifier.startsWith(SCOPE)) return [];
    return [{ from, to: `${specifier.slice(SCOPE.length)}/index.ts`, byName: true }];
  });
}

/** isTestCode reports whether a file is for tests only. */
export function isTestCode(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/testing/');
}

/**
 * packageOf is the package of a file: a folder of the root, or one below `test`. Tests and their helpers in
 * a product folder are a separate package, which does not ship.
 */
export function packageOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top === 'test') return `test/${second}`;
  return isTestCode(file) ? `tests of ${top}` : top;
}

/** circle finds an import cycle between packages, as a path that ends where it begins; empty when there is none. */
export function circle(imports: readonly Import[]): readonly string[] {
  const needs = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [importer, imported] = [packageOf(from), packageOf(to)];
    if (importer === imported) continue;
    needs.set(importer, (needs.get(importer) ?? new Set<string>()).add(imported));
  }
  const done = new Set<string>();
  function search(path: readonly string[], at: string): readonly string[] {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at];
    if (done.has(at)) return [];
    for (const next of needs.get(at) ?? []) {
      const found = search([...path, at], next);
      if (found.length > 0) return found;
    }
    done.add(at);
    return [];
  }
  for (const start of needs.keys()) {
    const found = search([], start);
    if (found.length > 0) return found;
  }
  return [];
}

/** besidesTheDoor are the imports into a workspace that bypass its entry point. */
export function besidesTheDoor(imports: readonly Import[]): readonly Import[] {
  return imports.filter(({ from, to, byName }) => {
    const [inside = ''] = to.split('/');
    if (!WORKSPACES.includes(inside) || from.startsWith(`${inside}/`)) return false;
    return !byName || to !== `${inside}/index.ts`;
  });
}
