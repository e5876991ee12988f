import { join } from 'node:path';
import type { KubeObject } from '../../lib/core/object.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { parseObjects } from '../../lib/program/manifests.ts';
import { chartMistakes } from './chart-mistakes.ts';
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

/** Sets every value that is used in a flag or a field. */
const ALL_VALUES = [
  '--set=managementEndpoint=https://management.example.org:6443',
  '--set=packagePullSecrets[0].name=registry',
  '--set=function.replicas=1,function.args[0]=--debug,function.resources.limits.memory=256Mi',
  '--set=provider.replicas=1,provider.args[0]=--workers=2,provider.resources.limits.memory=512Mi',
];

/**
 * buildChart validates the rendered chart, with its default values and with all values set, and packages
 * it. Returns the file.
 *
 * @throws Error with the message of Helm or of the validation
 */
export async function buildChart({ helm, root, out, version }: ChartBuild): Promise<string> {
  const chart = join(root, 'package', 'chart');
  await succeed(helm, ['lint', '--strict', KUBERNETES, chart], out);
  const compositions = objectsIn('compositions');
  for (const values of [[], ALL_VALUES]) {
    // oxlint-disable-next-line no-await-in-loop -- two short runs
    const mistakes = chartMistakes(await renderChart(helm, chart, values), compositions);
    if (mistakes.length > 0) throw new Error(`the chart is invalid: ${mistakes.join('; ')}`);
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
