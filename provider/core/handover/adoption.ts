import type { Cloud } from '../../../capi/cloud.ts';
import { recordIn, type Json, type KubeObject } from '../../../lib/core/object.ts';
import { covers } from '../../../lib/core/subset.ts';
import { titleOf } from '../pivot/identity.ts';
import { valueAt } from './fields.ts';
import { identitiesOf, identityIn } from './identities.ts';
import { isMachine, isTemplate, ruleOf, typeKeyOf } from './kinds.ts';
import { knownKey } from './record.ts';

/** What a cluster of this product consists of, besides the kinds of its cloud. */
const OWN_KINDS: readonly string[] = [
  '/ConfigMap',
  '/Secret',
  'bootstrap.cluster.x-k8s.io/KubeadmConfig',
  'bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate',
  'cluster.x-k8s.io/Cluster',
  'cluster.x-k8s.io/Machine',
  'cluster.x-k8s.io/MachineDeployment',
  'cluster.x-k8s.io/MachineHealthCheck',
  'cluster.x-k8s.io/MachineSet',
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane',
  'ipam.cluster.x-k8s.io/IPAddress',
  'ipam.cluster.x-k8s.io/IPAddressClaim',
];

/** Fields that Cluster API never fills in: a value that the claim does not ask for is somebody else's. */
const AS_WHOM_AND_WHERE =
  /\.(identityRef|credentialsRef|server|thumbprint|project|region|partition)$/;

/**
 * strangeObjects returns the objects of a cluster that is adopted which no cluster of its cloud consists of, such as a
 * ClusterResourceSet, which would apply to the clusters of others when it is taken back.
 */
export function strangeObjects(objects: readonly KubeObject[], cloud: Cloud): readonly string[] {
  const kinds = new Set([
    ...OWN_KINDS,
    ...Object.keys(cloud.infrastructureKinds).map(
      (kind) => `infrastructure.cluster.x-k8s.io/${kind}`,
    ),
  ]);
  return objects.filter((object) => !kinds.has(typeKeyOf(object))).map(titleOf);
}

/**
 * contradictions returns the fields of a cluster that is adopted which decide where and as whom, and are not as the
 * claim asks for, as `AWSCluster demo: spec.region`. What Cluster API has filled in beside it is recorded as it is.
 */
export function contradictions(
  objects: readonly KubeObject[],
  desired: readonly KubeObject[],
): readonly string[] {
  const wanted = valuesIn(desired);
  const inUse = templatesIn(objects);
  return objects
    .filter((object) => !isTemplate(object) || inUse.has(object.metadata.name))
    .flatMap((object) =>
      pinnedOf(object)
        .filter(
          (path) =>
            !isExplained(path, valueAt(object, path), wanted.get(knownKey(object.kind, path))),
        )
        .map((path) => `${titleOf(object)}: ${path}`),
    );
}

function isExplained(path: string, found: Json | undefined, wanted: readonly Json[] = []): boolean {
  if (found === undefined) return true;
  if (wanted.length === 0) return !AS_WHOM_AND_WHERE.test(path);
  return wanted.some((value) => covers(found, value));
}

function valuesIn(desired: readonly KubeObject[]): ReadonlyMap<string, readonly Json[]> {
  const values = new Map<string, Json[]>();
  for (const object of desired) {
    for (const path of pinnedOf(object)) {
      const value = valueAt(object, path);
      const key = knownKey(object.kind, path);
      if (value !== undefined) values.set(key, [...(values.get(key) ?? []), value]);
    }
  }
  return values;
}

function pinnedOf(object: KubeObject): readonly string[] {
  return ruleOf(typeKeyOf(object), new Set())?.pinned ?? [];
}

/** Templates from which machines are made; an older one can have a value that the claim had before. */
function templatesIn(objects: readonly KubeObject[]): ReadonlySet<unknown> {
  return new Set(
    objects.flatMap(({ spec }) => {
      const template = recordIn({ spec }, 'spec');
      return ['machineTemplate', 'template'].map((field) => {
        const inner = recordIn(recordIn(template, field), 'spec');
        return recordIn(inner, 'infrastructureRef')?.['name'];
      });
    }),
  );
}

/** takenMachines returns the machines of a cluster whose identity belongs to another cluster. */
export function takenMachines(
  objects: readonly KubeObject[],
  claimed: ReadonlySet<string>,
): readonly string[] {
  return objects
    .filter(isMachine)
    .filter((machine) => {
      const rule = ruleOf(typeKeyOf(machine), new Set());
      return identitiesOf(machine, rule).some((id) => claimed.has(identityIn(id)));
    })
    .map(titleOf);
}
