import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import { NODE_POOL_LABEL } from './labels.ts';

type Labels = Readonly<Record<string, string>>;

const ROLE_DOMAIN = 'node-role.kubernetes.io';
/** Cluster API propagates labels of these domains and their subdomains from Machine to Node (v1.14). */
const SYNCED_DOMAINS = ['node-restriction.kubernetes.io', 'node.cluster.x-k8s.io'];
/** Reserved domains of Kubernetes, in which a kubelet can set only the labels below. */
const KUBERNETES_DOMAINS = ['kubernetes.io', 'k8s.io'];
const KUBELET_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
/** Labels that a kubelet can set (k8s.io/kubelet/pkg/apis well_known_labels.go, v1.36). */
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
 * machineLabels are the labels of a pool that are set on its Machines; Cluster API propagates them to the
 * Nodes. A change does not replace machines.
 */
export function machineLabels({ labels = {} }: NodePool): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => isSynced(key)));
}

/**
 * kubeletLabels are all other labels of a pool, as the kubelet flag `node-labels`: Cluster API does not
 * propagate them from Machine to Node. The kubelet sets them at registration, so a change replaces the
 * machines.
 */
export function kubeletLabels({ name, labels = {} }: NodePool): string {
  const own = Object.entries(labels).filter(([key]) => !isSynced(key));
  return Object.entries({ ...Object.fromEntries(own), [NODE_POOL_LABEL]: name })
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(',');
}

/** labelProblems returns errors in the labels and taints of a pool. */
export function labelProblems({ name, labels = {}, taints = [] }: NodePool): readonly string[] {
  const twice = taints.find(({ key, effect }, index) =>
    taints.slice(0, index).some((other) => other.key === key && other.effect === effect),
  );
  return [
    ...Object.entries(labels).flatMap(([key, value]) => labelProblem(name, key, value)),
    ...taints
      .filter(({ key, value = '' }) => !isKey(key) || !isValue(value))
      .map(
        ({ key }) => `nodePools[${name}].taints has ${key}, which is not a valid taint: ${SYNTAX}`,
      ),
    ...(twice === undefined
      ? []
      : [
          `nodePools[${name}].taints has ${twice.key} with effect ${twice.effect} twice: remove one of them`,
        ]),
  ];
}

const SYNTAX = 'use letters, digits, dashes, dots and underscores, for example example.com/tier';

function labelProblem(pool: string, key: string, value: string): readonly string[] {
  const field = `nodePools[${pool}].labels`;
  if (!isKey(key)) return [`${field} has the key ${key}, which is not a valid key: ${SYNTAX}`];
  if (!isValue(value)) {
    return [`${field} has ${value} for ${key}, which is not a valid value: ${SYNTAX}`];
  }
  if (key === NODE_POOL_LABEL)
    return [`${field} has ${key}, which is set automatically: remove it`];
  return isSynced(key) || isAllowedToKubelet(key)
    ? []
    : [
        `${field} has ${key}, which a kubelet cannot set because the domain is reserved for Kubernetes: use your own domain, or ${SYNCED_DOMAINS.join(' or ')}`,
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
