import type { WorldEnvironment } from '../environment.ts';

/**
 * kubectlFromOutside is the kubectl command for another terminal of the same user: in the network of the
 * world, whose process ids differ outside.
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
