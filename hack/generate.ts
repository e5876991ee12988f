/**
 * Writes all files that are generated from the schema source, the cloud registry and the lists of reasons: TypeScript
 * types, XRDs, Compositions, CRDs, ClusterRoles and admission policies, including the copies in the chart, and docs/reasons.md.
 * Usage: npm run generate
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedFiles } from './generator/files.ts';

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const files = await generatedFiles();
for (const [path, content] of files) {
  if (current(path) === content) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  console.log(`wrote ${path}`);
}
console.log(`${files.size} generated files are up to date`);
