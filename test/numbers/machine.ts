import { cpus, loadavg, release, totalmem } from 'node:os';
import { BINARIES, requiredVersion, wrapperModule } from '@managed-cluster/toolchain';
import { kubernetesVersion } from '@managed-cluster/testbed';
import { productVersion } from '../../lib/program/product-files.ts';
import type { Machine } from './numbers.ts';

/** thisMachine is where the run takes place, with the load before it. */
export function thisMachine(): Machine {
  return {
    cores: cpus().length,
    memoryGiB: totalmem() / 2 ** 30,
    kernel: release(),
    loadBegin: loadavg(),
  };
}

/** versions are those of all that takes part. */
export function versions(): Readonly<Record<string, string>> {
  return {
    'managed-cluster': `v${productVersion()}`,
    Kubernetes: kubernetesVersion(),
    'Cluster API': versionOf('capi-core'),
    Crossplane: versionOf('crossplane'),
    etcd: versionOf('etcd'),
    Helm: versionOf('helm'),
    Node: process.version,
  };
}

function versionOf(name: 'capi-core' | 'crossplane' | 'etcd' | 'helm'): string {
  const { module, versionOf: source } = BINARIES[name];
  return requiredVersion(wrapperModule(module).goMod, source);
}
