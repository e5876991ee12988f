import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requiredVersion, wrapperModule } from '@managed-cluster/toolchain';
import { circuitBreakerFlags } from '../crossplane/circuit-breaker.ts';
import { CROSSPLANE_NAMESPACE, type CrossplaneFiles } from '../crossplane/chart.ts';
import { binary, type WorldContext } from '../world-context.ts';
import { flags } from './flags.ts';
import type { RealCluster } from './management.ts';
import type { Ingredients } from './prepared.ts';

/** The image that Crossplane's chart names, without its tag. */
const REPOSITORY = 'xpkg.crossplane.io/crossplane/crossplane';

const MODULE = 'github.com/crossplane/crossplane/v2';

/** crossplaneIngredients are what its image is made of: its program, and the CRDs that `core init` applies. */
export function crossplaneIngredients(files: CrossplaneFiles): Ingredients['crossplane'] {
  return {
    image: `${REPOSITORY}:${version()}`,
    files: {
      '/crds': files.crds,
      '/webhookconfigurations': join(files.crds, '..', 'webhookconfigurations'),
    },
  };
}

/** installCrossplane installs it from its own chart, as its documentation says, and waits until it runs. */
export async function installCrossplane(
  context: WorldContext,
  { kubeconfig }: RealCluster,
  { chart }: CrossplaneFiles,
): Promise<void> {
  await helm(context, [
    'install',
    'crossplane',
    chart,
    ...flags({
      kubeconfig,
      namespace: CROSSPLANE_NAMESPACE,
      'create-namespace': true,
      wait: true,
      timeout: '5m',
      set: [`image.tag=${version()}`, `args={${circuitBreakerFlags().join(',')}}`],
    }),
  ]);
  context.emit('management: Crossplane is ready');
}

/** helm runs the real Helm of the world; fails with what it says. */
export async function helm(context: WorldContext, args: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(binary(context, 'helm'), args, {
    env: { PATH, HOME: context.folder },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

function version(): string {
  return requiredVersion(wrapperModule('crossplane').goMod, MODULE);
}
