import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { packageObjects } from '../../provider/package-files.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { chartMistakes } from './chart-mistakes.ts';

const compositions = objectsIn('compositions');

function packageObject(kind: string, name: string, runtime?: string): KubeObject {
  return {
    apiVersion: 'pkg.crossplane.io/v1',
    kind,
    metadata: { name },
    spec: runtime === undefined ? {} : { runtimeConfigRef: { name: runtime } },
  };
}

const FUNCTION = packageObject('Function', 'function-managed-cluster', 'managed-cluster-function');
const PROVIDER = packageObject('Provider', 'provider-managed-cluster', 'managed-cluster-provider');

/** What the chart renders, as far as its parts can be had without Helm. */
const chart: readonly KubeObject[] = [
  packageObject('Configuration', 'configuration-managed-cluster'),
  FUNCTION,
  PROVIDER,
  ...packageObjects('chart/runtime'),
  ...packageObjects('chart/files'),
];

function without(left: string): readonly KubeObject[] {
  return chart.filter(({ kind, metadata }) => `${kind} ${metadata.name}` !== left);
}

describe('the check of the chart', () => {
  it('finds nothing wrong with what is shipped', () => {
    expect(chartMistakes(chart, compositions)).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['Configuration configuration-managed-cluster', /exactly one Configuration/],
    [
      'Function function-managed-cluster',
      /a Composition references Function function-managed-cluster/,
    ],
    [
      'DeploymentRuntimeConfig managed-cluster-provider',
      /Provider .* references .* does not exist/,
    ],
    [
      'ServiceAccount managed-cluster-provider',
      /references ServiceAccount managed-cluster-provider/,
    ],
  ])('misses %s', (left, sentence) => {
    expect(chartMistakes(without(left), compositions).join('\n')).toMatch(sentence);
  });

  it('finds a flag that the program does not know', () => {
    const mistyped = chart.map(
      (object) =>
        JSON.parse(JSON.stringify(object).replace('--health-port', '--helth-port')) as KubeObject,
    );
    expect(chartMistakes(mistyped, compositions)).toEqual([
      expect.stringMatching(/managed-cluster-provider: .*--helth-port/),
    ]);
  });

  it('finds a function of another name than Compositions call', () => {
    const renamed = [
      ...without('Function function-managed-cluster'),
      { ...FUNCTION, metadata: {} },
    ];
    expect(chartMistakes(renamed, compositions)).toHaveLength(1);
  });
});
