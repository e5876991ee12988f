import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { generatedFiles } from './generator/files.ts';

const files = await generatedFiles();

/** Folders in which every file is generated. */
const FOLDERS = [
  'xrds',
  'compositions',
  'package/crds',
  'package/rbac',
  'package/policies/management',
  'package/policies/provider',
  'package/policies/workload',
  'package/chart/files',
];

describe('npm run generate', () => {
  it.each([...files])('has written what %s says', (path, content) => {
    const written = existsSync(path) ? readFileSync(path, 'utf8') : 'nothing';
    expect(written).toBe(content);
  });

  it.each(FOLDERS)('has written every file in %s', (folder) => {
    const left = readdirSync(folder).filter((file) => !files.has(`${folder}/${file}`));
    expect(left).toEqual([]);
  });

  it('has written all generated types', () => {
    const types = readdirSync('lib/apis').filter((file) => file.endsWith('.generated.ts'));
    expect(types.filter((file) => !files.has(`lib/apis/${file}`))).toEqual([]);
  });

  it('makes the two sides of a policy differ in the side only', () => {
    const values = /must be management, moving or workload|\['management', 'moving', 'workload'\]/g;
    const [management, workload] = (['management', 'workload'] as const).map((side) =>
      documents(files.get(`package/policies/${side}/fence.yaml`))
        // Only a management side has plans of clusters that were handed over.
        .filter((document) => !document.includes('fence-handed-over'))
        .join('---\n')
        .replaceAll(values, 'VALUES')
        .replaceAll(side, 'SIDE'),
    );
    expect(management).toContain("variables.owner in ['', 'SIDE']");
    expect(management).toBe(workload);
  });
});

function documents(yaml: string | undefined): readonly string[] {
  return (yaml ?? '').split(/^---\n/m);
}
