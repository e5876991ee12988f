import {
  CLUSTER,
  CONTROL_PLANE,
  HEALTH_CHECK,
  MACHINE,
  MACHINE_DEPLOYMENT,
} from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import type { ObjectRef, TypeRef } from '../../lib/kube/api.ts';
import { NO_OBJECTS, type SideObjects } from '../core/snapshot.ts';
import type { Reader } from './reader.ts';

/** Target is the name and namespace of a Cluster. */
export interface Target {
  readonly namespace: string;
  readonly name: string;
}

/** readSide reads all objects of a cluster on one side. Infrastructure kinds are found by reference. */
export async function readSide(reader: Reader, target: Target): Promise<SideObjects> {
  const { namespace, name } = target;
  const cluster = await reader.get({ ...CLUSTER, namespace, name });
  const labelled = { labelSelector: `${CLUSTER_NAME_LABEL}=${name}` };
  const resolve = resolverOf(reader);
  const spec = recordIn(cluster, 'spec');
  const [machines, machineDeployments, healthChecks, infrastructureCluster, controlPlane] =
    await Promise.all([
      reader.list({ ...MACHINE, namespace }, labelled),
      reader.list({ ...MACHINE_DEPLOYMENT, namespace }, labelled),
      reader.list({ ...HEALTH_CHECK, namespace }, labelled),
      follow(reader, resolve, spec?.['infrastructureRef'], namespace),
      cluster === undefined
        ? ownControlPlane(reader, namespace, labelled.labelSelector)
        : follow(reader, resolve, spec?.['controlPlaneRef'], namespace),
    ]);
  const [infrastructureMachines, templates] = await Promise.all([
    listsOf(reader, resolve, machines, { namespace, ...labelled }),
    templatesOf(reader, resolve, controlPlane, namespace),
  ]);
  return {
    ...NO_OBJECTS,
    ...(cluster === undefined ? {} : { cluster }),
    ...(infrastructureCluster === undefined ? {} : { infrastructureCluster }),
    ...(controlPlane === undefined ? {} : { controlPlane }),
    templates,
    machineDeployments,
    healthChecks,
    machines,
    infrastructureMachines,
  };
}

/** A control plane may remain when its Cluster no longer exists. */
async function ownControlPlane(
  reader: Reader,
  namespace: string,
  labelSelector: string,
): Promise<KubeObject | undefined> {
  const [first] = await reader.list({ ...CONTROL_PLANE, namespace }, { labelSelector });
  return first;
}

/** Resolve finds the preferred version of a group; v1beta2 references have no version. */
type Resolve = (reference: unknown) => Promise<TypeRef | undefined>;

function resolverOf({ api }: Reader): Resolve {
  const versions = new Map<string, Promise<string | undefined>>();
  async function preferred(group: string): Promise<string | undefined> {
    try {
      const answer: unknown = await api.raw('GET', `/apis/${group}`);
      const version = recordIn(answer, 'preferredVersion')?.['groupVersion'];
      return typeof version === 'string' ? version : undefined;
    } catch {
      return undefined;
    }
  }
  return async (reference) => {
    if (!isRecord(reference)) return undefined;
    const { apiVersion, apiGroup, kind } = reference;
    if (typeof kind !== 'string') return undefined;
    if (typeof apiVersion === 'string') return { apiVersion, kind };
    if (typeof apiGroup !== 'string') return undefined;
    const asked = versions.get(apiGroup) ?? preferred(apiGroup);
    versions.set(apiGroup, asked);
    const found = await asked;
    return found === undefined ? undefined : { apiVersion: found, kind };
  };
}

async function follow(
  reader: Reader,
  resolve: Resolve,
  reference: unknown,
  namespace: string,
): Promise<KubeObject | undefined> {
  const type = await resolve(reference);
  const name = isRecord(reference) ? reference['name'] : undefined;
  if (type === undefined || typeof name !== 'string') return undefined;
  const ref: ObjectRef = { ...type, namespace, name };
  return reader.get(ref);
}

async function listsOf(
  reader: Reader,
  resolve: Resolve,
  machines: readonly KubeObject[],
  { namespace, labelSelector }: { readonly namespace: string; readonly labelSelector: string },
): Promise<readonly KubeObject[]> {
  const references = machines.map((machine) =>
    recordIn(recordIn(machine, 'spec'), 'infrastructureRef'),
  );
  const types = await Promise.all(references.map(resolve));
  const distinct = new Map(
    types.flatMap((type) => (type === undefined ? [] : [[type.kind, type]])),
  );
  const lists = await Promise.all(
    [...distinct.values()].map((type) => reader.list({ ...type, namespace }, { labelSelector })),
  );
  return lists.flat();
}

async function templatesOf(
  reader: Reader,
  resolve: Resolve,
  controlPlane: KubeObject | undefined,
  namespace: string,
): Promise<readonly KubeObject[]> {
  const template = recordIn(recordIn(controlPlane, 'spec'), 'machineTemplate');
  const reference =
    recordIn(template, 'spec')?.['infrastructureRef'] ?? template?.['infrastructureRef'];
  const found = await follow(reader, resolve, reference, namespace);
  return found === undefined ? [] : [found];
}
