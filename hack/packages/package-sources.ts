import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** PackageSource is what one of our Crossplane packages is built from. */
export interface PackageSource {
  readonly name: string;
  /** Its files, or folders for all their YAML files, from the root of the repository. */
  readonly files: readonly string[];
  /** Name of its image; a Configuration has none. */
  readonly runtime?: string;
}

/** PACKAGES are all our packages; Crossplane's pkg/xpkg/lint.go defines what each may contain. */
export const PACKAGES: readonly PackageSource[] = [
  {
    name: 'function-managed-cluster',
    files: ['package/function/crossplane.yaml'],
    runtime: 'function',
  },
  {
    name: 'provider-managed-cluster',
    files: ['package/provider/crossplane.yaml', 'package/crds'],
    runtime: 'provider',
  },
  {
    name: 'configuration-managed-cluster',
    files: ['package/configuration/crossplane.yaml', 'xrds', 'compositions'],
  },
];

/** packageFiles are the YAML files that a package is built from, from the root of the repository. */
export function packageFiles(root: string, { files }: PackageSource): readonly string[] {
  return files.flatMap((path) => {
    if (path.endsWith('.yaml')) return [path];
    const names = readdirSync(join(root, path)).filter((name) => name.endsWith('.yaml'));
    return names.map((name) => `${path}/${name}`);
  });
}
