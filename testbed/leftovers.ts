import type { KubeObject } from '../lib/core/object.ts';
import type { KubeApi } from '../lib/kube/api.ts';

/** Traces identify the objects of a cluster. */
export interface Traces {
  /** Name of the cluster. */
  readonly cluster: string;
  /**
   * Only in this namespace. For the workload side: on a real cluster the agent and similar objects disappear
   * with its machines, but the site that replaces it here keeps them.
   */
  readonly namespace?: string;
  /** Objects that remain on purpose, such as a Secret of the user: `Kind/name`. */
  readonly except?: readonly RegExp[];
}

interface Resources {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly verbs: readonly string[];
  }[];
}

interface Groups {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

/** TEARDOWN_REPORT is the final report of Teardown, which is kept for three days. */
export const TEARDOWN_REPORT = /^ConfigMap\/.*-teardown$/;

/** Historical records that expire. */
const HISTORY: readonly string[] = ['Event', 'ComponentStatus'];

/**
 * leftovers are all objects of any kind in an API server that are related to a cluster by name, by label,
 * or by one of our finalizers. Each as `Kind namespace/name`.
 */
export async function leftovers(api: KubeApi, traces: Traces): Promise<readonly string[]> {
  const { groups } = (await api.raw('GET', '/apis')) as Groups;
  const roots = ['/api/v1', ...groups.map((one) => `/apis/${one.preferredVersion.groupVersion}`)];
  const found = await Promise.all(roots.map((root) => objectsUnder(api, root)));
  return found
    .flat()
    .filter(({ metadata }) => [undefined, metadata.namespace].includes(traces.namespace))
    .filter((object) => isTrace(object, traces))
    .map(({ kind, metadata: { namespace, name } }) =>
      [kind, [namespace, name].filter(Boolean).join('/')].join(' '),
    )
    .toSorted();
}

async function objectsUnder(api: KubeApi, root: string): Promise<readonly KubeObject[]> {
  const { resources } = (await api.raw('GET', root)) as Resources;
  const listed = resources.filter(
    ({ name, kind, verbs }) =>
      verbs.includes('list') && !name.includes('/') && !HISTORY.includes(kind),
  );
  const lists = await Promise.all(
    listed.map(async ({ name, kind }) => {
      const { items } = (await api.raw('GET', `${root}/${name}`)) as {
        readonly items?: readonly Omit<KubeObject, 'kind'>[];
      };
      return (items ?? []).map((item) => ({ ...item, kind }) as KubeObject);
    }),
  );
  return lists.flat();
}

function isTrace({ kind, metadata }: KubeObject, traces: Traces): boolean {
  const { cluster, except = [] } = traces;
  const { name = '', labels = {}, finalizers = [] } = metadata;
  const ours =
    name === cluster ||
    name.startsWith(`${cluster}-`) ||
    Object.values(labels).includes(cluster) ||
    finalizers.some((one) => one.startsWith('managedcluster.io/'));
  return ours && !except.some((pattern) => pattern.test(`${kind}/${name}`));
}
