import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** PackageSource is what one of our Crossplane packages is built from. */
export interface PackageSource {
  readonly name: string;
  /** Its files, from the root of the repository; of a folder all YAML. */
  readonly files: readonly string[];
  /** Name of the image that it runs; a Configuration runs nothing. */
  readonly runtime?: string;
}

/** PACKAGES are all of our packages; what each may hold is in Crossplane's pkg/xpkg/lint.go. */
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
