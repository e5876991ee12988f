import type { WorldEnvironment } from '../environment.ts';

/**
 * kubectlFromOutside is kubectl as another terminal of the same user calls it: in the network of the
 * world, whose processes have other numbers out there than inside.
 */
export function kubectlFromOutside({
  launcher,
  isolation,
  engine,
  binaries,
}: Pick<WorldEnvironment, 'launcher' | 'isolation' | 'engine' | 'binaries'>): string {
  const { kubectl = 'kubectl' } = binaries;
  if (engine !== undefined) return kubectl;
  const first = `$(pgrep --parent $(pgrep --parent ${launcher} unshare))`;
  const user = isolation === 'user' ? ' --user --preserve-credentials' : '';
  return `nsenter --target ${first}${user} --net ${kubectl}`;
}
