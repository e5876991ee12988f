import { isRecord, type KubeObject } from '../../lib/core/object.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import type { HandoverRecord, RecordedObject } from '../core/handover/record.ts';
import { keyOf } from '../core/pivot/identity.ts';

/** Kinds of what may be written besides what was handed over, with the start of their names. */
const BORN: Readonly<Record<string, RegExp>> = {
  'cluster.x-k8s.io/MachineDeployment': /^demo(-|$)/,
  'cluster.x-k8s.io/MachineSet': /^demo(-|$)/,
  'cluster.x-k8s.io/MachineHealthCheck': /^demo(-|$)/,
  'cluster.x-k8s.io/Machine': /^demo(-|$)/,
  'infrastructure.cluster.x-k8s.io/DevMachine': /^demo(-|$)/,
  'infrastructure.cluster.x-k8s.io/DevMachineTemplate': /^demo(-|$)/,
  'infrastructure.cluster.x-k8s.io/AWSMachine': /^demo(-|$)/,
  'bootstrap.cluster.x-k8s.io/KubeadmConfig': /^demo(-|$)/,
  'bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate': /^demo(-|$)/,
  '/Secret': /^demo-(?!.*(ca|sa|etcd|proxy|kubeconfig)$)/,
};

const NAME = 'cluster.x-k8s.io/cluster-name';

const LABELS = [NAME, 'cluster.x-k8s.io/set-name'];

const ANNOTATIONS = [
  'managedcluster.io/owner',
  'managedcluster.io/epoch',
  'managedcluster.io/pivot',
  'managedcluster.io/source-uid',
];

/** Rule is one thing that must not be, in words. */
type Rule = readonly [words: string, isBroken: (object: KubeObject) => boolean];

const RULES: readonly Rule[] = [
  ['is in another namespace', ({ metadata }) => metadata.namespace !== NAMESPACE],
  ['is a kubeconfig', (one) => one.kind === 'Secret' && one.metadata.name === 'demo-kubeconfig'],
  ['is another cluster', (one) => one.kind === 'Cluster' && one.metadata.name !== 'demo'],
  ['is not paused', (one) => one.kind === 'Cluster' && at(one, 'spec.paused') !== true],
  ['is not labelled as of this cluster', ({ metadata }) => metadata.labels?.[NAME] !== 'demo'],
  [
    'acts on another cluster',
    (one) => one.kind !== 'Cluster' && at(one, 'spec.clusterName') === 'other',
  ],
  ['mounts a path of the host', mounts],
  ['refers to another namespace', refersElsewhere],
  ['reads a Secret of others', readsOthers],
  ['has rules', (object) => object['rules'] !== undefined || object['webhooks'] !== undefined],
];

/**
 * violationsOf says what is wrong with an object that the management side is asked to write when cluster `demo` is
 * taken back, in words of its own: it knows nothing of the rules that it checks. `ids` are providerIDs of others.
 */
export function violationsOf(
  object: KubeObject,
  record: HandoverRecord,
  ids: readonly string[],
): readonly string[] {
  const key = keyOf(object);
  const known = record.objects.find((one) => one.key === key);
  const id = object.kind.endsWith('Machine') ? at(object, 'spec.providerID') : undefined;
  const wrong = [
    ...RULES.filter(([, isBroken]) => isBroken(object)).map(([words]) => words),
    ...metadataProblems(object, known?.labels ?? {}),
    ...(known === undefined ? bornProblems(object) : recordedProblems(object, known)),
    ...ids
      .filter((other) => endOf(other) === endOf(id))
      .map((other) => `has the providerID ${other}`),
  ];
  return wrong.map((one) => `${key} ${one}`);
}

/** What a cloud reads of a providerID. */
function endOf(id: unknown): string | undefined {
  return String(id).toLowerCase().split('/').at(-1);
}

function bornProblems(object: KubeObject): readonly string[] {
  const key = keyOf(object);
  const type = key.slice(0, key.lastIndexOf('/'));
  const isRight = BORN[type]?.test(object.metadata.name ?? '') === true;
  return isRight ? [] : ['is nothing that may come back'];
}

function recordedProblems(object: KubeObject, known: RecordedObject): readonly string[] {
  const changed = Object.entries(known.values)
    .filter(([path, value]) => JSON.stringify(at(object, path)) !== JSON.stringify(value))
    .map(([path]) => `does not have the recorded ${path}`);
  const isSecret = known.secret !== undefined && object.kind === 'Secret';
  return isSecret && object['type'] !== known.secret.type
    ? [...changed, 'has another type']
    : changed;
}

function metadataProblems(
  { metadata }: KubeObject,
  recorded: Readonly<Record<string, string>>,
): readonly string[] {
  const { labels = {}, annotations = {}, finalizers = [] } = metadata;
  return [
    ...Object.keys(labels)
      .filter((label) => !LABELS.includes(label) && !(label in recorded))
      .map((label) => `has label ${label}`),
    ...Object.keys(annotations)
      .filter((annotation) => !ANNOTATIONS.includes(annotation))
      .map((annotation) => `has annotation ${annotation}`),
    ...finalizers
      .filter((finalizer) => !finalizer.endsWith('cluster.x-k8s.io'))
      .map((finalizer) => `has finalizer ${finalizer}`),
  ];
}

/** The field that decides; the API server drops it elsewhere. */
function mounts(object: KubeObject): boolean {
  const path = object.kind === 'DevMachineTemplate' ? 'spec.template.spec' : 'spec';
  const isMachine = ['DevMachine', 'DevMachineTemplate'].includes(object.kind);
  return isMachine && at(object, `${path}.backend.docker.extraMounts`) !== undefined;
}

/** Whether a reference that a controller follows leads to another namespace; other fields may say anything. */
function refersElsewhere(object: KubeObject): boolean {
  const paths = ['infrastructureRef', 'bootstrapRef', 'controlPlaneRef', 'bootstrap.configRef'];
  return paths.some((path) => at(object, `spec.${path}.namespace`) === 'kube-system');
}

function readsOthers(object: KubeObject): boolean {
  const text = JSON.stringify([object['spec'], object['status']]);
  return object.kind !== 'Cluster' && /"(dataSecretName|secret)":("|\{"name":")other/.test(text);
}

function at(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, field) => (isRecord(inner) ? inner[field] : undefined), object);
}
