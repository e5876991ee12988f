import { optionsFrom as functionOptions } from '../../function/server/options.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { optionsFrom as providerOptions } from '../../provider/options.ts';
import { listIn, type Runtime, runtimesIn } from './chart-objects.ts';

/** The only port of each program that others than the kubelet connect to, from its flags. */
const PORTS: Readonly<Record<string, (args: readonly string[]) => number>> = {
  'managed-cluster-function': (args) =>
    functionOptions(args, { TLS_SERVER_CERTS_DIR: '/tls/server' }).address.port,
  'managed-cluster-provider': (args) => providerOptions(args, {}).metricsPort,
};

/**
 * networkMistakes are the ways in which the NetworkPolicies of a rendered chart leave Pods open, one sentence each.
 * A policy that selects no Pod, and a rule without peers, are valid for Kubernetes.
 */
export function networkMistakes(objects: readonly KubeObject[]): readonly string[] {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  return runtimesIn(objects).flatMap((runtime) => {
    const own = policies.filter((policy) => selects(policy, runtime));
    const [policy] = own;
    if (policy === undefined || own.length > 1) {
      return [`${runtime.name} has ${own.length} NetworkPolicies, not one`];
    }
    return mistakesIn(policy, runtime).map(
      (mistake) => `NetworkPolicy of ${runtime.name}: ${mistake}`,
    );
  });
}

function selects({ spec }: KubeObject, { labels }: Runtime): boolean {
  const wanted = recordIn(recordIn(spec, 'podSelector'), 'matchLabels') ?? {};
  return Object.entries(wanted).every(([label, value]) => labels?.[label] === value);
}

function mistakesIn({ spec }: KubeObject, { name, args }: Runtime): readonly string[] {
  const port = PORTS[name]?.(args);
  const limits = ['Ingress', 'Egress'].every((type) => listIn(spec, 'policyTypes').includes(type));
  const ingress = listIn(spec, 'ingress');
  return [
    ...(limits ? [] : ['it does not limit both directions']),
    ...ingress.flatMap((rule) => openRule(rule, port)),
    ...(name === 'managed-cluster-function' && listIn(spec, 'egress').length > 0
      ? ['the function connects to nobody']
      : []),
  ];
}

function openRule(rule: unknown, port: number | undefined): readonly string[] {
  const ports = listIn(rule, 'ports').filter(isRecord);
  const only =
    ports.length === 1 && ports[0]?.['port'] === port && ports[0]?.['protocol'] === 'TCP';
  return [
    ...(listIn(rule, 'from').length > 0 ? [] : ['a rule without peers lets everybody in']),
    ...(only ? [] : [`the only port is ${port}`]),
  ];
}
