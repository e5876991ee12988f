import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { decide } from '../../agent/core/decide.ts';
import { wantedLayer, type WantedLayer } from '../../agent/core/layers.ts';
import { copyOf, SETTLED_MS } from '../../agent/core/plan-copy.ts';
import { anInput, observationOf, NOTHING, running } from '../../agent/testing/cluster-states.ts';
import { HelmCli } from '../../agent/layers/helm.ts';
import { Installer } from '../../agent/layers/installer.ts';
import { createSecretValues, type SecretValues } from '../../agent/layers/secrets.ts';
import { apiDouble, establishing, storeDouble } from '../../agent/testing/api-double.ts';
import type { ClusterPlan, ClusterPlanSpec } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { planSpec } from '../../lib/apis/schema/cluster-plan.ts';
import { shapeMistakes } from '../../lib/apis/schema/defaults.ts';
import { createLogger } from '../../lib/log.ts';
import { MANIFESTS } from './leaves.ts';
import type { Scene } from './unread.ts';

const log = createLogger('silent');

const TYPED = {
  name: 'typed',
  type: 'cni',
  installPriority: 100,
  manifests: MANIFESTS,
  prune: 'Safe',
  profile: 'base@1.0.0',
  secretVariables: [
    { name: 'password', secretKeyRef: { name: 'passwords', key: 'first' } },
    { name: 'other', secretKeyRef: { name: 'other', key: 'first' } },
  ],
} as const;

const CHART = {
  name: 'chart',
  type: 'cni',
  installPriority: 200,
  helm: {
    chart: 'app',
    repository: 'https://charts.example.com',
    version: '1.0.0',
    releaseName: 'app',
    namespace: 'apps',
    values: { a: 1 },
  },
} as const;

/** planScenes are plans with a layer of manifests first, and a chart first, and all that an agent makes of them. */
export function planScenes(): readonly Scene<unknown>[] {
  const { plan } = observationOf(anInput());
  return [
    [TYPED, CHART],
    [CHART, TYPED],
  ].map((layers) => ({ spec: { ...plan, epoch: 2, layers }, output }));
}

async function output(spec: unknown): Promise<string | undefined> {
  if (
    !isSpec(spec) ||
    spec.layers.some(({ manifests, helm }) => (manifests ?? helm) === undefined)
  ) {
    return undefined;
  }
  const secrets = await secretsOf(spec);
  const wanted = spec.layers.map((layer) =>
    wantedLayer(layer, valuesOf(layer, secrets, 'version')),
  );
  const carriedOut = await installedAndRemoved(wanted, secrets);
  if (carriedOut === undefined) return undefined;
  return JSON.stringify([decided(spec, wanted), taken(spec), carriedOut]);
}

function isSpec(spec: unknown): spec is ClusterPlanSpec {
  return shapeMistakes(spec, planSpec, 'spec').length === 0;
}

/** What is written and said with the cluster here and without, and which layers come first; no hash of a whole layer. */
function decided(plan: ClusterPlanSpec, layers: readonly WantedLayer[]): unknown {
  return [running(anInput()), NOTHING].map((state) => {
    const observation = observationOf(anInput(), { plan, layers, layerStates: [], state });
    const { ownership, actions, report, layers: now } = decide(observation);
    return [ownership, actions, report, now.install.map(({ layer }) => layer.name)];
  });
}

/** Whether the plan takes the place of one of epoch 2. */
function taken(spec: ClusterPlanSpec): string {
  const metadata = { name: 'demo', generation: 3, uid: 'u' };
  const shown: ClusterPlan = { ...CLUSTER_PLAN, metadata, spec };
  const local = { ...shown, metadata: { name: 'demo' }, spec: { ...spec, epoch: 2 } };
  return copyOf({ plan: shown, unchangedMs: SETTLED_MS }, local, 'team-a').kind;
}

/** The Secrets of the management side: each key has a value of its own. */
async function secretsOf(spec: ClusterPlanSpec): Promise<SecretValues> {
  const management = apiDouble();
  for (const name of ['passwords', 'other', 'another']) {
    const keys = ['first', 'other', 'another'];
    const data = keys.map((key) => [key, Buffer.from(`${name}-${key}`).toString('base64')]);
    management.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'team-a' },
      data: Object.fromEntries(data),
    });
  }
  const sides = { local: apiDouble().api, management: management.api, namespace: 'team-a', log };
  const values = createSecretValues({ ...sides, onChange: () => undefined });
  await values.refresh(spec);
  for (let turns = 0; turns < 20; turns += 1) {
    // oxlint-disable-next-line no-await-in-loop -- what is read beside the pass comes some turns later
    await turn();
  }
  return values;
}

function valuesOf(
  { secretVariables = [] }: ClusterPlanSpec['layers'][number],
  secrets: SecretValues,
  part: 'text' | 'version',
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    secretVariables.flatMap((variable) => {
      // The version has a salt; that there is one is enough.
      const value = part === 'text' ? secrets.value(variable)?.text : 'known';
      return value === undefined ? [] : [[variable.name, value] as const];
    }),
  );
}

/** What is there with the layers and without them, and what Helm was asked for; undefined when one is refused. */
async function installedAndRemoved(
  wanted: readonly WantedLayer[],
  secrets: SecretValues,
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'fields-'));
  try {
    const cluster = apiDouble();
    const api = establishing(cluster);
    const installer = new Installer({ api, store: storeDouble(), helm: helmIn(folder), log });
    for (const { layer, hash } of wanted) {
      // oxlint-disable-next-line no-await-in-loop -- one layer after the other
      await installer.install(layer, hash, valuesOf(layer, secrets, 'text'));
    }
    const there = [...cluster.objects.values()];
    for (const { layer } of wanted) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await installer.remove(layer.name);
    }
    const file = join(folder, 'asked');
    const asked = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(folder, '') : '';
    return [there, cluster.names(), asked];
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A Helm that writes down what it is asked for. */
function helmIn(folder: string): HelmCli {
  const binary = join(folder, 'helm');
  writeFileSync(binary, `#!/bin/sh\n{ echo "$@"; cat; } >> "$(dirname "$0")/asked"\n`);
  chmodSync(binary, 0o755);
  return new HelmCli({
    binary,
    folder,
    server: () => Promise.resolve('https://localhost:6443'),
    authorityFile: 'ca.crt',
    tokenFile: 'token',
    user: 'layers',
    signal: new AbortController().signal,
  });
}
