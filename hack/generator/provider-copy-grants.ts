import { type Grant, READ, rule } from './cluster-roles.ts';

/** providerCopyGrants are for the objects of the Cluster API providers here, which are copied to the workload cluster. */
export function providerCopyGrants(): readonly Grant[] {
  const copies = 'copies the Cluster API providers of the management side into a cluster';
  return [
    rule('', ['namespaces', 'services', 'serviceaccounts'], READ, copies),
    rule('apps', ['deployments'], READ, copies),
    rule(
      'rbac.authorization.k8s.io',
      ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
      READ,
      copies,
    ),
    rule('apiextensions.k8s.io', ['customresourcedefinitions'], READ, copies),
    rule(
      'admissionregistration.k8s.io',
      ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
      READ,
      copies,
    ),
    rule('clusterctl.cluster.x-k8s.io', ['providers'], READ, copies),
  ];
}
