import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@managed-cluster/toolchain';
import { NAMESPACED_MANAGED_CLUSTER, X_MANAGED_CLUSTER } from '../../../lib/apis/kinds.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { productRoot } from '../../../lib/program/product-files.ts';
import { CLIS, NEWEST } from './cli.ts';
import type { Tools, Verdict } from './render-check.ts';
import { written, type Situation } from './situation.ts';

const TIME = '2026-03-02T09:00:00Z';

/** Groups whose schemas are ours. */
const GROUPS: readonly string[] = [NAMESPACED_MANAGED_CLUSTER, X_MANAGED_CLUSTER].map(
  ({ apiVersion }) => apiVersion,
);

/**
 * Lets the newest tool validate all that the function writes into kinds of ours, schemas and CEL
 * rules, together with the claims that it was given: what it finds, an API server would refuse.
 */
export async function checkSchemas(
  situations: readonly Situation[],
  { binaries, folder }: Tools,
): Promise<Verdict> {
  const own = join(folder, 'schemas');
  mkdirSync(own, { recursive: true });
  const file = written(join(own, 'objects.yaml'), situations.flatMap(objectsOf));
  const root = productRoot();
  const extensions = [join(root, 'xrds'), join(root, 'package', 'crds')].join(',');
  const binary = CLIS.find(({ name }) => name === NEWEST)?.binary ?? '';
  // An empty image means: without Crossplane's own schemas, which would be downloaded.
  const flags = ['--crossplane-image=', '--error-on-missing-schemas', '--skip-success-results'];
  const args = ['resource', 'validate', ...flags, extensions, file];
  const { code, output, complaint } = await runCommand(binaries[binary] ?? '', args, folder);
  return code === 0 ? { kind: 'Passed' } : { kind: 'Failed', why: `${output}\n${complaint}` };
}

/** A claim that is refused for its shape is left out: what is wrong with it is the point. */
function objectsOf({ input, answer }: Situation): readonly KubeObject[] {
  const { composite } = input;
  const refused = answer.conditions.some(
    ({ type, reason }) => type === 'Accepted' && reason === 'InvalidSpec',
  );
  const conditions = answer.conditions.map((one) => ({ ...one, lastTransitionTime: TIME }));
  const status = { ...(answer.composite.status as object), conditions };
  const composed = Object.values(answer.composed).map(({ object }) => object);
  return [
    ...(refused ? [] : [{ ...composite, status }]),
    ...composed.filter(({ apiVersion }) => GROUPS.includes(apiVersion)),
  ];
}
