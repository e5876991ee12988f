import { join } from 'node:path';
import type { KubeObject } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { objectsIn, parseObjects } from '../../lib/program/manifests.ts';
import { unpinned } from './chart-digests.ts';
import { chartMistakes } from './chart-mistakes.ts';
import { networkMistakes } from './chart-network.ts';
import { succeed } from './succeed.ts';

/** ChartBuild is the input of the chart build; all paths are absolute. */
export interface ChartBuild {
  readonly helm: string;
  /** Root of the repository. */
  readonly root: string;
  /** Output folder. */
  readonly out: string;
  /** Version of the product without a v. */
  readonly version: string;
}

/** Satisfies kubeVersion of Chart.yaml; a helm built from source assumes another Kubernetes version. */
const KUBERNETES = '--kube-version=1.33.0';

const DIGEST = `sha256:${'0'.repeat(64)}`;

/** Values, and what else must be right in the chart that has them. */
interface Case {
  readonly values: readonly string[];
  readonly check: (objects: readonly KubeObject[]) => readonly string[];
}

const CASES: readonly Case[] = [
  { values: [], check: networkMistakes },
  {
    // Every value that is used in a flag or a field.
    values: [
      '--set=managementEndpoint=https://management.example.org:6443',
      '--set=packagePullSecrets[0].name=registry',
      '--set=networkPolicy.metrics[0].namespaceSelector.matchLabels.team=monitoring',
      '--set=networkPolicy.crossplane[0].ipBlock.cidr=192.0.2.0/24',
      '--set=function.replicas=1,function.args[0]=--debug,function.resources.limits.memory=256Mi',
      '--set=provider.replicas=1,provider.args[0]=--workers=2,provider.resources.limits.memory=512Mi',
    ],
    check: networkMistakes,
  },
  { values: ['--set=networkPolicy.enabled=false'], check: policiesLeft },
  {
    values: [
      `--set=agentImage=registry.example.org/agent@${DIGEST}`,
      ...['configuration', 'function', 'provider'].map(
        (name) => `--set=${name}.package=registry.example.org/${name}@${DIGEST}`,
      ),
    ],
    check: unpinned,
  },
];

/** Values that the chart must refuse: without its schema they would open something, or be noticed too late. */
const REFUSED: readonly string[] = [
  // As after `helm upgrade --reuse-values` from a chart that did not have the value.
  '--set-json=networkPolicy=null',
  '--set-json=networkPolicy.crossplane=[]',
  '--set-json=networkPolicy.metrics=[{}]',
  '--set-json=networkPolicy.metrics=[{"ipBlock":{}}]',
  '--set-json=networkPolicy.metrics=[{"ipBlock":{"cidr":"192.0.2.1"}}]',
  '--set-json=networkPolicy.metrics=[{"ipBlock":{"cidr":"192.0.2.0/24"},"podSelector":{}}]',
  '--set-json=networkPolicy.crossplane=[{"ipBlock":{"cidr":"192.0.2.0/24"},"namespaceSelector":{}}]',
  '--set=agentImage=registry.example.org/agent@sha256:12',
  '--set=provider.package=registry.example.org/provider@latest',
];

/**
 * buildChart validates the chart, rendered with its default values and with others, and packages it. Returns the
 * file.
 *
 * @throws Error with the message of Helm or of the validation
 */
export async function buildChart({ helm, root, out, version }: ChartBuild): Promise<string> {
  const chart = join(root, 'package', 'chart');
  await succeed(helm, ['lint', '--strict', KUBERNETES, chart], out);
  const compositions = objectsIn('compositions');
  for (const { values, check } of CASES) {
    // oxlint-disable-next-line no-await-in-loop -- a few short runs
    const objects = await renderChart(helm, chart, values);
    const mistakes = [...chartMistakes(objects, compositions), ...check(objects)];
    if (mistakes.length > 0) {
      throw new Error(`the chart with ${values.join(' ')} is invalid: ${mistakes.join('; ')}`);
    }
  }
  for (const value of REFUSED) {
    // oxlint-disable-next-line no-await-in-loop -- a few short runs
    const taken = await isRendered(helm, chart, value);
    if (taken) throw new Error(`the chart must refuse ${value}`);
  }
  const versions = [`--version=${version}`, `--app-version=${version}`];
  await succeed(helm, ['package', chart, ...versions, `--destination=${out}`], out);
  return join(out, `managed-cluster-${version}.tgz`);
}

async function renderChart(
  helm: string,
  chart: string,
  values: readonly string[],
): Promise<readonly KubeObject[]> {
  const release = ['managed-cluster', chart, '--namespace=crossplane-system'];
  return parseObjects(await succeed(helm, ['template', ...release, KUBERNETES, ...values], chart));
}

/** Only a refusal by the schema counts. */
async function isRendered(helm: string, chart: string, value: string): Promise<boolean> {
  try {
    await renderChart(helm, chart, [value]);
    return true;
  } catch (error) {
    if (messageOf(error).includes("values don't meet the specifications of the schema"))
      return false;
    throw error;
  }
}

function policiesLeft(objects: readonly KubeObject[]): readonly string[] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ metadata }) => `NetworkPolicy ${metadata.name} is there in spite of the value`);
}
