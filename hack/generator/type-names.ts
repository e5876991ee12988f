/** Explicit names of types whose field name is not specific enough; the key is the path in the kind. */
const NAMES: Readonly<Record<string, string>> = {
  'spec.kubernetes': 'KubernetesSpec',
  'spec.cloud': 'CloudSpec',
  'spec.controlPlane': 'ControlPlaneSpec',
  'spec.profiles[]': 'ProfileRef',
  'spec.profiles[].variables[]': 'VariableValue',
  'spec.agent.kubeconfigSecretRef': 'AgentKubeconfigSecretRef',
  'spec.layers[]': 'PlanLayer',
  'spec.versions[]': 'ProfileVersion',
  'spec.versions[].variables[]': 'ProfileVariable',
};

/**
 * typeName is the name of the type of an object by its path: the explicit name, or the field in singular;
 * types of a cloud have the cloud as prefix, and types of the status end in Status.
 */
export function typeName(path: string): string {
  const explicit = NAMES[path];
  if (explicit !== undefined) return explicit;
  const segments = path.replaceAll(/\[\]|\{\}/g, '').split('.');
  const last = pascal(singular(path, segments.at(-1) ?? ''));
  const [, top, cloud, ...deeper] = segments;
  if (path.startsWith('spec.cloud.') && cloud !== undefined && !cloud.endsWith('Ref')) {
    return [
      pascal(cloud),
      'Cloud',
      ...deeper.slice(0, -1).map(pascal),
      deeper.length === 0 ? '' : last,
    ].join('');
  }
  if (segments[0] !== 'status' || top === 'conditions' || last.endsWith('Ref')) return last;
  return `${last}Status`;
}

function singular(path: string, segment: string): string {
  if (!path.endsWith('[]')) return segment;
  return segment.endsWith('ies') ? segment.replace(/ies$/, 'y') : segment.replace(/s$/, '');
}

function pascal(segment: string): string {
  return segment.charAt(0).toUpperCase() + segment.slice(1);
}
