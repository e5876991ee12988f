import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import { NODE_POOL_LABEL } from './labels.ts';

type Labels = Readonly<Record<string, string>>;

const ROLE_DOMAIN = 'node-role.kubernetes.io';
/** Cluster API carries labels of these domains, and below them, from Machine to Node (v1.14). */
const SYNCED_DOMAINS = ['node-restriction.kubernetes.io', 'node.cluster.x-k8s.io'];
/** Domains of Kubernetes itself, in which a kubelet may set only what is listed below. */
const KUBERNETES_DOMAINS = ['kubernetes.io', 'k8s.io'];
const KUBELET_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
/** Labels that a kubelet may set (k8s.io/kubelet/pkg/apis well_known_labels.go, v1.36). */
const KUBELET_LABELS: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];
const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_DOMAIN =
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * machineLabels are the labels of a pool that go on its Machines, from where Cluster API carries them
 * to the Nodes. A change of them replaces no machine.
 */
export function machineLabels({ labels = {} }: NodePool): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => isSynced(key)));
}

/**
 * kubeletLabels are all other labels of a pool, as the kubelet's flag `node-labels`: Cluster API would
 * drop them between Machine and Node. The kubelet sets them when it registers, so that a change
 * replaces the machines.
 */
export function kubeletLabels({ name, labels = {} }: NodePool): string {
  const own = Object.entries(labels).filter(([key]) => !isSynced(key));
  return Object.entries({ ...Object.fromEntries(own), [NODE_POOL_LABEL]: name })
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(',');
}

/** labelProblems are labels that no Node could get, and taints that no Node could have. */
export function labelProblems({ name, labels = {}, taints = [] }: NodePool): readonly string[] {
  const twice = taints.find(({ key, effect }, index) =>
    taints.slice(0, index).some((other) => other.key === key && other.effect === effect),
  );
  return [
    ...Object.entries(labels).flatMap(([key, value]) => labelProblem(name, key, value)),
    ...taints
      .filter(({ key, value = '' }) => !isKey(key) || !isValue(value))
      .map(({ key }) => `nodePools[${name}].taints has ${key}, which is no valid taint: ${SYNTAX}`),
    ...(twice === undefined
      ? []
      : [
          `nodePools[${name}].taints has ${twice.key} with effect ${twice.effect} twice: write it once`,
        ]),
  ];
}

const SYNTAX = 'write letters, digits, dashes, dots and underscores, for example example.com/tier';

function labelProblem(pool: string, key: string, value: string): readonly string[] {
  const field = `nodePools[${pool}].labels`;
  if (!isKey(key)) return [`${field} has the key ${key}, which is no valid key: ${SYNTAX}`];
  if (!isValue(value)) {
    return [`${field} has ${value} for ${key}, which is no valid value: ${SYNTAX}`];
  }
  if (key === NODE_POOL_LABEL) return [`${field} has ${key}, which is set already: leave it out`];
  return isSynced(key) || isAllowedToKubelet(key)
    ? []
    : [
        `${field} has ${key}, which a kubelet may not set in a domain of Kubernetes: use a domain of your own, or ${SYNCED_DOMAINS.join(' or ')}`,
      ];
}

function isSynced(key: string): boolean {
  const domain = domainOf(key);
  return domain === ROLE_DOMAIN || SYNCED_DOMAINS.some((one) => isWithin(domain, one));
}

function isAllowedToKubelet(key: string): boolean {
  const domain = domainOf(key);
  return (
    !KUBERNETES_DOMAINS.some((one) => isWithin(domain, one)) ||
    KUBELET_LABELS.includes(key) ||
    KUBELET_DOMAINS.some((one) => isWithin(domain, one))
  );
}

function domainOf(key: string): string {
  return key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}

function isKey(key: string): boolean {
  const [name = '', domain, ...rest] = key.split('/').toReversed();
  return (
    LABEL_NAME.test(name) &&
    rest.length === 0 &&
    (domain === undefined || LABEL_DOMAIN.test(domain))
  );
}

function isValue(value: string): boolean {
  return value === '' || LABEL_NAME.test(value);
}
