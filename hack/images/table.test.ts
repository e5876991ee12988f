import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { packageObjects } from '../../provider/package-files.ts';
import { NONROOT } from './runtime.ts';
import { IMAGES, REPOSITORY, type ImageSpec } from './table.ts';

describe('the images', () => {
  it.each(['function', 'provider'])('%s: runs as its user, who writes nothing', (name) => {
    const [config] = packageObjects('chart/runtime').filter(
      ({ metadata }) => metadata.name === `managed-cluster-${name}`,
    );
    const [runAsUser, runAsGroup] = NONROOT.split(':').map(Number);
    const container = {
      securityContext: { runAsUser, runAsGroup, readOnlyRootFilesystem: true },
    };
    expect(IMAGES).toHaveProperty(name);
    expect(config).toMatchObject({
      spec: {
        deploymentTemplate: { spec: { template: { spec: { containers: [container] } } } },
      },
    });
  });

  it.each(Object.entries<ImageSpec>(IMAGES))(
    '%s: Node takes its flags, and keeps a small young generation with them',
    (_name, { nodeFlags }) => {
      const script = "require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20";
      const old = '--max-old-space-size=256';
      const args = [...nodeFlags, old, '--print', script];
      const limit = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
      expect(limit).toBeGreaterThan(256);
      expect(limit).toBeLessThan(256 + 16);
    },
  );

  it('are where the chart looks for them', () => {
    const values: unknown = parse(
      readFileSync(new URL('../../package/chart/values.yaml', import.meta.url), 'utf8'),
    );
    expect(values).toMatchObject({ registry: REPOSITORY });
  });
});
