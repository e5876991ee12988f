import type { KubeObject } from '../../lib/core/object.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { fc } from '../../test/properties.ts';

/** What root in a cluster can choose from: kinds, names and words with a meaning somewhere, and nonsense. */
const KINDS = [
  ['cluster.x-k8s.io/v1beta2', 'Cluster'],
  ['cluster.x-k8s.io/v1beta2', 'Machine'],
  ['cluster.x-k8s.io/v1beta2', 'MachineSet'],
  ['cluster.x-k8s.io/v1beta2', 'MachineDeployment'],
  ['cluster.x-k8s.io/v1beta2', 'MachineHealthCheck'],
  ['cluster.x-k8s.io/v1beta2', 'MachinePool'],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'DevCluster'],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'DevMachine'],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'DevMachineTemplate'],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'AWSMachine'],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'EvilMachine'],
  ['bootstrap.cluster.x-k8s.io/v1beta2', 'KubeadmConfig'],
  ['bootstrap.cluster.x-k8s.io/v1beta2', 'KubeadmConfigTemplate'],
  ['controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane'],
  ['addons.cluster.x-k8s.io/v1beta2', 'ClusterResourceSet'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['apps/v1', 'Deployment'],
  ['v1', 'Secret'],
  ['v1', 'Secret'],
  ['v1', 'ConfigMap'],
  ['v1', 'ServiceAccount'],
] as const;

const NAMES = [
  'demo',
  'demo-cp',
  'demo-cp-0',
  'demo-cp-x7k2p',
  'demo-md',
  'demo-md-0',
  'demo-md-1',
  'demo-md-1-x7k2p',
  'demo-ca',
  'demo-sa',
  'demo-kubeconfig',
  'demo-2-kubeconfig',
  'demo-pool',
  'other',
  'other-ca',
  '__proto__',
  'constructor',
];

const KEYS = [
  'cluster.x-k8s.io/cluster-name',
  'cluster.x-k8s.io/set-name',
  'cluster.x-k8s.io/paused',
  'cluster.x-k8s.io/managed-by',
  'cluster.x-k8s.io/watch-filter',
  'managedcluster.io/owner',
  'managedcluster.io/epoch',
  'managedcluster.io/source-uid',
  'managedcluster.io/escrow',
  'managedcluster.io/cluster',
  'crossplane.io/paused',
  'pre-drain.delete.hook.machine.cluster.x-k8s.io/never',
  'cni',
  '__proto__',
];

const FINALIZERS = ['machine.cluster.x-k8s.io', 'evil.example/never', 'foregroundDeletion', ''];
const TYPES = ['cluster.x-k8s.io/secret', 'Opaque', 'kubernetes.io/service-account-token'];
const IDS = [
  'fake://victim',
  'fake://claimed',
  'fake://zone-b/CLAIMED',
  'fake://demo-cp-0',
  'fake://demo-md-1-x7k2p',
  '',
];

const name = fc.constantFrom(...NAMES);
const words = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.constantFrom('demo', 'other', 'true', '9'),
);

const reference = fc.record(
  {
    apiGroup: fc.constantFrom('infrastructure.cluster.x-k8s.io', 'bootstrap.cluster.x-k8s.io', ''),
    kind: fc.constantFrom(
      'DevMachine',
      'DevCluster',
      'DevMachineTemplate',
      'KubeadmConfig',
      'Secret',
    ),
    name,
    namespace: fc.constantFrom(NAMESPACE, 'kube-system'),
  },
  { requiredKeys: ['kind', 'name'] },
);

const spec = fc.record(
  {
    clusterName: fc.constantFrom('demo', 'other'),
    paused: fc.boolean(),
    providerID: fc.constantFrom(...IDS),
    failureDomain: fc.constantFrom('a', 'b'),
    infrastructureRef: reference,
    controlPlaneRef: reference,
    controlPlaneEndpoint: fc.record({ host: fc.constant('203.0.113.9'), port: fc.nat() }),
    bootstrap: fc.record({ configRef: reference, dataSecretName: name }, { requiredKeys: [] }),
    bootstrapRef: reference,
    identityRef: fc.record({ kind: fc.constant('Secret'), name }),
    backend: fc.record({
      docker: fc.record({ extraMounts: fc.constant([{ hostPath: '/', containerPath: '/host' }]) }),
    }),
    files: fc.array(fc.record({ contentFrom: fc.record({ secret: fc.record({ name }) }) }), {
      maxLength: 2,
    }),
    selector: fc.record({ matchLabels: words }),
    anything: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: [] },
);

const status = fc.record(
  { dataSecretName: name, failureDomains: fc.constant([{ name: 'evil' }]), phase: fc.string() },
  { requiredKeys: [] },
);

type Drawn = typeof spec extends fc.Arbitrary<infer Value> ? Value : never;

/** hostileObject draws an object; `uids` are those of the source, by which it may claim an owner. */
export function hostileObject(uids: readonly string[]): fc.Arbitrary<KubeObject> {
  const owner = fc.record(
    {
      apiVersion: fc.constant('cluster.x-k8s.io/v1beta2'),
      kind: fc.constantFrom('Cluster', 'MachineSet', 'XManagedCluster'),
      name,
      uid: fc.constantFrom('none', ...uids),
      controller: fc.boolean(),
    },
    { requiredKeys: ['apiVersion', 'kind', 'name', 'uid'] },
  );
  const metadata = fc.record(
    {
      name,
      namespace: fc.constantFrom(NAMESPACE, NAMESPACE, NAMESPACE, 'kube-system'),
      labels: words,
      annotations: words,
      finalizers: fc.array(fc.constantFrom(...FINALIZERS), { maxLength: 3 }),
      ownerReferences: fc.array(owner, { maxLength: 3 }),
    },
    { requiredKeys: ['name', 'namespace'] },
  );
  const content = fc.record(
    {
      spec,
      status,
      type: fc.constantFrom(...TYPES),
      data: fc.dictionary(
        fc.constantFrom('value', 'tls.crt', 'tls.key', 'token'),
        fc.base64String(),
      ),
      rules: fc.constant([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
      webhooks: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  );
  return fc
    .tuple(fc.constantFrom(...KINDS), metadata, content)
    .map(([[apiVersion, kind], meta, rest]) => ({ ...rest, apiVersion, kind, metadata: meta }));
}

const CHILDREN: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  Cluster: [KINDS[3], KINDS[8], KINDS[4]],
  MachineDeployment: [KINDS[2]],
  MachineSet: [KINDS[1]],
  KubeadmControlPlane: [KINDS[1]],
  Machine: [KINDS[7], KINDS[9], KINDS[11]],
  KubeadmConfig: [KINDS[20]],
};

/** bornObject draws an object as a controller in the cluster would create it for a real one, with a hostile spec. */
export function bornObject(real: readonly KubeObject[]): fc.Arbitrary<KubeObject> {
  const parents = real.filter(({ kind }) => CHILDREN[kind] !== undefined);
  return fc.constantFrom(...parents).chain((parent) => {
    const { apiVersion, kind, metadata } = parent;
    const owner = { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' };
    const children = CHILDREN[kind] ?? [];
    return fc
      .tuple(fc.constantFrom(...children), spec, words)
      .map(([[version, child], drawn, labels]): KubeObject => ({
        apiVersion: version,
        kind: child,
        metadata: {
          name: `${metadata.name}-x7k2p`,
          namespace: NAMESPACE,
          labels,
          ownerReferences: [owner],
        },
        spec: child.endsWith('Template') ? { template: { spec: drawn } } : fieldsOf(drawn),
      }));
  });
}

/** Without the fields by which almost every drawn object is refused at once. */
function fieldsOf({
  providerID,
  backend,
  failureDomain,
}: Drawn): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify({ providerID, backend, failureDomain }));
}

/** malformed draws what no API server returns: other types where metadata is expected, or no object at all. */
export function malformed(): fc.Arbitrary<unknown> {
  const metadata = fc.record(
    {
      name: fc.oneof(name, fc.jsonValue({ maxDepth: 1 })),
      namespace: fc.constantFrom(NAMESPACE, null, 7),
      uid: fc.jsonValue({ maxDepth: 1 }),
      labels: fc.jsonValue({ maxDepth: 2 }),
      annotations: fc.jsonValue({ maxDepth: 2 }),
      finalizers: fc.jsonValue({ maxDepth: 2 }),
      ownerReferences: fc.jsonValue({ maxDepth: 2 }),
      managedFields: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: [] },
  );
  const object = fc
    .tuple(fc.constantFrom(...KINDS), metadata, fc.jsonValue({ maxDepth: 2 }))
    .map(([[apiVersion, kind], meta, any]) => ({
      apiVersion,
      kind,
      metadata: meta,
      spec: any,
      status: any,
      data: any,
    }));
  return fc.oneof(object, fc.jsonValue({ maxDepth: 2 }));
}
