import { clouds } from '../../capi/clouds/index.ts';
import { GROUP } from '../../lib/apis/kinds.ts';
import type { Side } from '../../lib/apis/ownership.ts';
import { recordIn } from '../../lib/core/object.ts';
import { clusterSpec } from '../../lib/apis/schema/cluster-spec.ts';
import { clusterStatus } from '../../lib/apis/schema/cluster-status.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import {
  compositions,
  legacyDefinition,
  namespacedDefinition,
  NAMESPACED_NAME,
  X_NAME,
} from './composites.ts';
import { customResourceDefinition, plural } from './custom-resources.ts';
import { crossplaneRole, userRoles } from './cluster-roles.ts';
import { ownKinds } from './own-kinds.ts';
import { permissionsPage } from './permissions.ts';
import { policyObjects } from './policy.ts';
import {
  FENCE_POLICIES,
  MANAGEMENT_POLICIES,
  policyFor,
  type PolicyName,
  WORKLOAD_POLICIES,
} from './policy-templates.ts';
import { providerObjects } from './provider-role.ts';
import { reasonsPage } from './reasons.ts';
import { typescriptTypes } from './types.ts';
import { yamlDocuments } from './yaml.ts';

/** generatedFiles are all generated files, by path from the root of the repository. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ...(await typeFiles()),
    ...(await manifestFiles()),
    ['docs/reasons.md', await reasonsPage()] as const,
    ['docs/permissions.md', await permissionsPage()] as const,
  ]);
}

async function typeFiles(): Promise<ReadonlyMap<string, string>> {
  const cluster = { kind: 'ManagedCluster', spec: clusterSpec(clouds), status: clusterStatus };
  const files = new Map<string, string>();
  for (const { kind, spec, status } of [cluster, ...ownKinds]) {
    const content = await typescriptTypes(kind, [
      ...(spec === undefined ? [] : [{ name: `${kind}Spec`, path: 'spec', schema: spec } as const]),
      ...(status === undefined
        ? []
        : [{ name: `${kind}Status`, path: 'status', schema: status } as const]),
    ]);
    files.set(`lib/apis/${kebab(kind)}.generated.ts`, content);
  }
  return files;
}

function manifests(spec: Schema): ReadonlyMap<string, readonly object[]> {
  const [legacy, namespaced] = compositions();
  return new Map([
    [`xrds/${X_NAME}.yaml`, [legacyDefinition(spec)]],
    [`xrds/${NAMESPACED_NAME}.yaml`, [namespacedDefinition(spec)]],
    [`compositions/${X_NAME}.yaml`, [legacy ?? {}]],
    [`compositions/${NAMESPACED_NAME}.yaml`, [namespaced ?? {}]],
    ['package/rbac/crossplane.yaml', [crossplaneRole()]],
    ['package/rbac/provider.yaml', providerObjects()],
    ['package/rbac/users.yaml', userRoles()],
    ['package/policies/provider/rights.yaml', policiesOn('management', ['provider-rights'])],
    ...(['management', 'workload'] as const).flatMap(policies),
    ...chartFiles(),
    ...ownKinds.map(
      (own) =>
        [
          `package/crds/${plural(own.kind)}.${GROUP}.yaml`,
          [customResourceDefinition(own)],
        ] as const,
    ),
  ]);
}

function policies(side: Side): readonly (readonly [string, readonly object[]])[] {
  const folder = `package/policies/${side}`;
  const isManagement = side === 'management';
  const fence: readonly PolicyName[] = [
    ...FENCE_POLICIES,
    ...(isManagement ? (['fence-handed-over'] as const) : []),
  ];
  return [
    [`${folder}/guard.yaml`, policiesOn(side, ['guard'])],
    [`${folder}/fence.yaml`, policiesOn(side, fence)],
    ...(isManagement
      ? [
          [`${folder}/tokens.yaml`, policiesOn(side, ['agent-tokens'])] as const,
          [`${folder}/adopt.yaml`, policiesOn(side, ['adopt'])] as const,
          [`${folder}/leaders.yaml`, policiesOn(side, ['leaders'])] as const,
        ]
      : [[`${folder}/access.yaml`, policiesOn(side, WORKLOAD_POLICIES)] as const]),
  ];
}

function policiesOn(side: Side, names: readonly PolicyName[]): readonly object[] {
  return names.flatMap((name) => policyObjects(side, policyFor(name, side)));
}

/**
 * Helm reads no files outside of a chart, so the chart has copies of the files in two other folders,
 * except the policy with ClusterPlan parameters: before the Provider package has installed this kind, the
 * policy would deny every Cluster, including those that are not ours. The provider installs it when it starts.
 */
function chartFiles(): readonly (readonly [string, readonly object[]])[] {
  // Without the namespace all agents would lose their identity.
  const ofProvider = providerObjects().map((object) =>
    isNamespace(object) ? keptByHelm(object) : object,
  );
  const roles = [crossplaneRole(), ...ofProvider, ...userRoles()];
  const early = MANAGEMENT_POLICIES.filter((name) => name !== 'fence-handed-over');
  const objects = policiesOn('management', [...early, 'provider-rights']);
  return [
    ['package/chart/files/rbac.yaml', roles],
    ['package/chart/files/policies.yaml', objects.map(keptByHelm)],
  ];
}

/**
 * An object of the chart that is kept when the chart is uninstalled: without the admission policies
 * nothing would prevent the deletion of the definitions, and with them of every cluster
 * (https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource).
 */
function keptByHelm(object: object): object {
  const annotations = { 'helm.sh/resource-policy': 'keep' };
  return { ...object, metadata: { ...recordIn(object, 'metadata'), annotations } };
}

function isNamespace(object: object): boolean {
  return 'kind' in object && object.kind === 'Namespace';
}

async function manifestFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const [path, objects] of manifests(clusterSpec(clouds))) {
    files.set(path, await yamlDocuments(objects));
  }
  return files;
}

function kebab(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
