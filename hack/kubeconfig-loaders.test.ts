import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/**
 * What loads a kubeconfig in full: runs its programs, reads its files, trusts whom it says. The linter
 * forbids the imports; this also sees those made while a program runs (`import()`).
 */
const LOADERS =
  /@kubernetes\/client-node|\bKubeConfig\b|\bloadFrom\w+|\bclientFrom\w+|\bconnectTo\b|\brawConfig\b/g;

/** Who may, and of what: always the caller's own kubeconfig. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  'lib/kube/client.ts': [
    '@kubernetes/client-node',
    'KubeConfig',
    'clientFromFile',
    'clientFromString',
    'loadFromCluster',
    'loadFromString',
  ],
  'provider/management.ts': [
    '@kubernetes/client-node',
    'KubeConfig',
    'clientFromFile',
    'loadFromCluster',
    'loadFromFile',
  ],
  'cli/connection.ts': ['clientFromString', 'connectTo'],
  'cli/kubeconfig.ts': ['connectTo', 'rawConfig'],
  'cli/raw-config.ts': ['rawConfig'],
};

function loadersIn(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...new Set(code.match(LOADERS))].toSorted();
}

describe('kubeconfigs', () => {
  it('are loaded in full only where they are the own of the caller', () => {
    const files = ['lib', 'capi', 'function', 'provider', 'agent', 'cli'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => `${folder}/${name}`),
    );
    const found = files.flatMap((file) => {
      const loaders = loadersIn(readFileSync(file, 'utf8'));
      return loaders.length === 0 ? [] : [[file, loaders] as const];
    });

    expect(Object.fromEntries(found)).toEqual(OWN);
  });

  it.each([
    [`const { clientFromString } = await import('../kube/client.ts');`, ['clientFromString']],
    [`const own = await import('@kubernetes/client-node');`, ['@kubernetes/client-node']],
    [`new KubeConfig().loadFromOptions({});`, ['KubeConfig', 'loadFromOptions']],
    [`await connectTo(rawConfig(document), 1);`, ['connectTo', 'rawConfig']],
    [`// A KubeConfig is not used here.`, []],
  ])('are seen in %s', (source, loaders) => {
    expect(loadersIn(source)).toEqual(loaders);
  });
});
