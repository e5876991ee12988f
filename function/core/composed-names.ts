/**
 * Names of the composed resources. They are the identity of each object in Crossplane's books
 * (annotation crossplane.io/composition-resource-name) and so never change.
 */
export const CLUSTER = 'cluster';
export const INFRASTRUCTURE_CLUSTER = 'infrastructure-cluster';
export const CONTROL_PLANE = 'control-plane';
export const CLUSTER_PLAN = 'cluster-plan';
export const AGENT_INSTALLATION = 'agent-installation';
export const PIVOT = 'pivot';

const TEMPLATE = 'control-plane-template-';

/**
 * templateName carries the content hash of the template: Crossplane keeps the metadata.name of a
 * composed resource for ever, so a new template must be a new composed resource.
 */
export function templateName(hash: string): string {
  return `${TEMPLATE}${hash}`;
}

/** isTemplate tells whether a composed resource is one of our machine templates. */
export function isTemplate(name: string): boolean {
  return name.startsWith(TEMPLATE);
}

/** isOurs tells whether we composed a resource; others may come from other steps of a pipeline. */
export function isOurs(name: string): boolean {
  return isClusterApi(name) || [CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT].includes(name);
}

/** isClusterApi tells which composed resources move to the workload cluster in a pivot. */
export function isClusterApi(name: string): boolean {
  return [CLUSTER, INFRASTRUCTURE_CLUSTER, CONTROL_PLANE].includes(name) || isTemplate(name);
}
