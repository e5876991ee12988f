/**
 * Names of the composed resources. Crossplane identifies each object by its name (annotation
 * crossplane.io/composition-resource-name), so they never change.
 */
export const CLUSTER = 'cluster';
export const INFRASTRUCTURE_CLUSTER = 'infrastructure-cluster';
export const CONTROL_PLANE = 'control-plane';
export const CLUSTER_PLAN = 'cluster-plan';
export const AGENT_INSTALLATION = 'agent-installation';
export const PIVOT = 'pivot';

const TEMPLATE = 'control-plane-template-';

/**
 * templateName contains the content hash of the template: Crossplane never changes the metadata.name of
 * a composed resource, so a new template must be a new composed resource.
 */
export function templateName(hash: string): string {
  return `${TEMPLATE}${hash}`;
}

/** isTemplate reports whether a composed resource is one of our machine templates. */
export function isTemplate(name: string): boolean {
  return name.startsWith(TEMPLATE);
}

/** isOurs reports whether we composed a resource; others can come from other steps of the pipeline. */
export function isOurs(name: string): boolean {
  return isClusterApi(name) || [CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT].includes(name);
}

/** isClusterApi reports whether a pivot moves a composed resource to the workload cluster. */
export function isClusterApi(name: string): boolean {
  return [CLUSTER, INFRASTRUCTURE_CLUSTER, CONTROL_PLANE].includes(name) || isTemplate(name);
}
