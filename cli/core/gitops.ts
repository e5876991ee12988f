import type { KubeObject } from '../../lib/core/object.ts';

/** Metadata is what a tool that applies from Git leaves its marks in. */
type Metadata = KubeObject['metadata'];

/** Marks of each tool: what it is managed by, undefined if it is not (facts/argocd.md 5, facts/flux.md 2). */
const TOOLS: readonly ((metadata: Metadata) => string | undefined)[] = [
  argoCd,
  ({ labels = {} }) => flux('Kustomization', 'kustomize.toolkit.fluxcd.io', labels),
  ({ labels = {} }) => flux('HelmRelease', 'helm.toolkit.fluxcd.io', labels),
];

/** keepersOf returns the tools that set an object to what is in Git, each with the name that the object has there. */
export function keepersOf({ metadata }: KubeObject): readonly string[] {
  return TOOLS.flatMap((tool) => tool(metadata) ?? []);
}

/** The label `app.kubernetes.io/instance` alone proves nothing: Helm charts and people set it too. */
function argoCd({
  annotations = {},
  labels = {},
  managedFields = [],
}: Metadata): string | undefined {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const applied = managedFields.some(({ manager = '' }) => manager.startsWith('argocd'));
  const instance = applied ? labels['app.kubernetes.io/instance'] : undefined;
  const name = tracked ?? labels['argocd.argoproj.io/instance'] ?? instance;
  return name === undefined ? undefined : `Argo CD (Application ${name})`;
}

function flux(
  kind: string,
  group: string,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const name = labels[`${group}/name`];
  if (name === undefined) return undefined;
  const namespace = labels[`${group}/namespace`] ?? '';
  return `Flux (${kind} ${namespace === '' ? name : `${namespace}/${name}`})`;
}
