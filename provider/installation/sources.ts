import { AGENT_INSTALLATION, CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { TypeRef } from '../../lib/kube/api.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import type { Source } from '../deps.ts';
import type { PartMemory } from './part-memory.ts';
import type { ProviderWatch } from './provider-bundle.ts';

/** The agent's identity; not its Lease, which is renewed all the time. */
const IDENTITY: readonly TypeRef[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
];

/** installationSources are what wakes the controller; memories hear what is void. */
export function installationSources(
  watch: ProviderWatch,
  memories: ReadonlyMap<string, PartMemory>,
): readonly Source[] {
  function allKnown(): readonly Key[] {
    return [...memories.keys()].map((id) => {
      const slash = id.indexOf('/');
      return { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
    });
  }

  function ofIdentity({ metadata }: KubeObject): readonly Key[] {
    const { namespace = '', labels } = metadata;
    const name = labels?.[CLUSTER_LABEL];
    if (name === undefined) return [];
    memories.get(`${namespace}/${name}`)?.forget('Identity');
    return [{ namespace, name }];
  }

  return [
    { type: AGENT_INSTALLATION, toKeys: itself },
    { type: CLUSTER_PLAN, toKeys: itself },
    ...IDENTITY.map((type) => ({
      type,
      options: { labelSelector: CLUSTER_LABEL },
      toKeys: ofIdentity,
    })),
    ...watch.sources(allKnown),
  ];
}

/** A plan is named like its installation. */
function itself({ metadata }: KubeObject): readonly Key[] {
  const { namespace = '', name = '' } = metadata;
  return [{ namespace, name }];
}
