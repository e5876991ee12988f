import { grantAccess } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { clientFromFile } from '../../../lib/kube/client.ts';
import { createWitness, type Witness } from '../../kill/witness.ts';
import { CLUSTER, machinesOf, makeSubject, operational, type Subject } from '../../kill/subject.ts';
import type { Side } from '../../oracle/audit-event.ts';
import { CONTROLLERS } from '../../oracle/finding.ts';
import { ACCESS, makePivot, pivotOf, until } from '../pivot/pivots.ts';
import { management, worldFile, workload } from '../world.ts';

/** ATTACKER is a user who may do everything that a policy does not refuse. */
export const ATTACKER = 'attacker';

/** TENANT is a user who may update Clusters, as who has `edit` and the permissions of Cluster API may. */
export const TENANT = 'tenant';

/** PROVIDER_USERS are our provider on both sides, as audit logs show it (testbed/product). */
const PROVIDER_USERS = [
  'system:serviceaccount:crossplane-system:managed-cluster-provider',
  'provider-of-management',
];

/** Scene is a cluster whose handover is under way, or over. */
export interface Scene {
  readonly subject: Subject;
  readonly witness: Witness;
  readonly machines: readonly string[];
  /** A client of a side under another name. */
  readonly as: (side: Side, user: string) => KubeApi;
  /** The Cluster of a side; undefined when it is not there. */
  readonly clusterOn: (side: Side) => Promise<KubeObject | undefined>;
}

const PIVOT_NAME = 'under-attack';

/** What the provider is told while the handover is held, and tells on. */
const HELD = 'held by the test';

/** apiOf is the administrator's client of a side. */
export function apiOf(side: Side): KubeApi {
  return side === 'management' ? management() : workload();
}

/** aScene makes a cluster that is operational on the management side. */
export async function aScene(name: string): Promise<Scene> {
  const subject = { name, workers: 1 };
  await Promise.all((['management', 'workload'] as const).map((side) => allow(apiOf(side))));
  await makeSubject(management(), subject);
  await grantAccess(management(), { namespace: name, name: ACCESS }, worldFile().access);
  await operational(management(), subject);
  const { dir } = worldFile();
  const actors = {
    product: PROVIDER_USERS,
    controllers: CONTROLLERS,
    people: ['admin', ATTACKER, TENANT],
  };
  const sites = {
    management: { api: management(), auditLog: worldFile().management.auditLog },
    workload: { api: workload(), auditLog: worldFile().workload.auditLog },
  };
  return {
    subject,
    witness: createWitness({ sites, logs: `${dir}/logs`, actors }),
    machines: await machinesOf(management(), subject),
    as: (side, user) =>
      clientFromFile(worldFile()[side].kubeconfig, undefined, { impersonate: user }),
    clusterOn: (side) => apiOf(side).get({ ...CLUSTER, namespace: name, name }),
  };
}

/** heldFast begins the handover and stops it where both sides hold everything, paused. */
export async function heldFast({ subject, clusterOn }: Scene): Promise<void> {
  await hold(subject);
  await makePivot(management(), { cluster: subject.name, name: PIVOT_NAME });
  await until(
    management(),
    { cluster: subject.name, name: PIVOT_NAME },
    'held in the middle',
    ({ status }) => JSON.stringify(status).includes(HELD),
  );
  await waitFor({
    what: 'the copy of the Cluster',
    timeoutMs: 30_000,
    look: async () =>
      recordIn(await clusterOn('workload'), 'spec')?.['paused'] === true || undefined,
  });
}

/** letGo takes the hold away and waits until the handover is complete. */
export async function letGo({ subject }: Scene): Promise<void> {
  for (const object of holdObjects(subject)) {
    const { apiVersion, kind, metadata } = object;
    // oxlint-disable-next-line no-await-in-loop -- two objects
    await workload().delete({ apiVersion, kind, name: metadata.name ?? '' });
  }
  await waitFor({
    what: `Pivot of ${subject.name} to be complete`,
    // After an attempt that was called off there is a pause of a minute.
    timeoutMs: 170_000,
    intervalMs: 200,
    look: async () =>
      isTrue(await pivotOf(management(), subject.name, PIVOT_NAME), 'Ready') || undefined,
  });
}

/** Nothing tells a status from another, so nobody may write that of the copy, the provider neither. */
async function hold(subject: Subject): Promise<void> {
  for (const object of holdObjects(subject)) {
    // oxlint-disable-next-line no-await-in-loop -- the policy before its binding
    await workload().create(object);
  }
}

function holdObjects({ name }: Subject): readonly KubeObject[] {
  const metadata = { name: `hold-${name}.example.org` };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const resources = ['clusters/status'];
  const rule = { apiGroups: [CLUSTER.apiVersion.split('/')[0]], apiVersions: ['*'], resources };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        matchConstraints: { resourceRules: [{ ...rule, operations: ['UPDATE'] }] },
        matchConditions: [{ name: 'here', expression: `object.metadata.namespace == '${name}'` }],
        validations: [{ expression: 'false', message: HELD }],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ];
}

/** Only policies shall stand in the attacker's way, and in that of the tenant as far as a tenant gets. */
async function allow(api: KubeApi): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  const apiVersion = `${apiGroup}/v1`;
  const verbs = ['get', 'list', 'create', 'update', 'patch'];
  const rules = [{ apiGroups: ['cluster.x-k8s.io'], resources: ['clusters'], verbs }];
  const role: KubeObject = { apiVersion, kind: 'ClusterRole', metadata: { name: TENANT }, rules };
  const bindings = [
    { user: ATTACKER, name: 'cluster-admin' },
    { user: TENANT, name: TENANT },
  ].map(({ user, name }): KubeObject => {
    const subjects = [{ kind: 'User', apiGroup, name: user }];
    const roleRef = { apiGroup, kind: 'ClusterRole', name };
    return { apiVersion, kind: 'ClusterRoleBinding', metadata: { name: user }, subjects, roleRef };
  });
  await Promise.all(
    [role, ...bindings].map((object) => api.apply(object, { fieldManager: 'e2e' })),
  );
}
