import {
  CLUSTER,
  CLUSTER_PLAN,
  INFRASTRUCTURE_CLUSTER,
  PIVOT,
} from '../../../function/core/composed-names.ts';
import { decide } from '../../../function/core/decide.ts';
import { profileKey } from '../../../function/core/requirements.ts';
import { aScene, fedBack, type Scene } from '../../../function/testing/scenes.ts';
import { patched } from '../../../function/testing/objects.ts';
import { OWNER_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { JsonObject, KubeObject } from '../../../lib/core/object.ts';
import { deletingStatus } from '../../../provider/core/teardown/deleting-status.ts';
import { aProfile } from '../profiles.ts';

/** Reports are statuses that others write and the function shows. */
export interface Reports {
  /** Of the ClusterPlan. */
  readonly plan: object;
  /** Of the Pivot. */
  readonly pivot: object;
}

/**
 * clusterStatuses are those of a ManagedCluster from its beginning to its end: what the function answers,
 * and what Teardown writes when it is not asked any more.
 */
export function clusterStatuses(reports: readonly Reports[]): readonly unknown[] {
  const scenes = [
    aScene(),
    aScene('Provisioning').without(INFRASTRUCTURE_CLUSTER),
    aScene('InstallingAgent'),
    moving(),
    ...reports.map((report) => grown(report)),
    grown({ plan: {}, pivot: {} }).spec({ kubernetes: { version: 135 } }),
  ];
  const answers = scenes.flatMap((scene) => [statusAfter(scene, 1), statusAfter(scene, 2)]);
  const last = { ...aScene().observed.composite, status: answers.at(-1) };
  const progress = { reason: 'RemovingMachines', message: 'Waiting for Machines to go' } as const;
  return [...answers, deletingStatus(last, progress, '2026-01-02T00:00:00Z')];
}

function moving(): Scene {
  const annotations = { [OWNER_ANNOTATION]: 'moving' };
  return aScene('Pivoting').change(CLUSTER, (cluster) =>
    patched(cluster, { metadata: { annotations } }),
  );
}

/** A cluster with a profile and an override, which manages itself and has reported. */
function grown({ plan, pivot }: Reports): Scene {
  return aScene('SelfManaged')
    .spec({
      profiles: [{ name: 'base', version: '1.0.0' }],
      nodePools: poolsIn(plan),
      overrides: [{ kind: 'MachineDeployment', patch: { metadata: { labels: { a: 'b' } } } }],
    })
    .answer(profileKey('base'), aProfile('base'))
    .change(CLUSTER_PLAN, (object) => withStatus(object, plan))
    .change(PIVOT, (object) => withStatus(object, pivot));
}

/** The pools of the claim, which are all that is shown of a report. */
function poolsIn(plan: object): readonly JsonObject[] {
  const { nodePools = [] }: { readonly nodePools?: readonly { readonly name: string }[] } = plan;
  return nodePools.map(({ name }) => ({ name, replicas: 1 }));
}

function withStatus(object: KubeObject, status: object): KubeObject {
  const plain: JsonObject = JSON.parse(JSON.stringify(status));
  return patched(object, { status: plain });
}

/** After so many calls, of which each sees what the one before has said. */
function statusAfter(scene: Scene, calls: number): unknown {
  let now = scene;
  for (let call = 0; call < calls; call += 1) now = fedBack(now, decide(now.observed));
  return now.observed.composite['status'];
}
