import type { NextStep } from '../finding.ts';

/*
 * Steps that several findings share. A command changes only what its sentence says.
 */

/** WORKLOAD_KUBECONFIG is how a user gets access to the workload side. */
export const WORKLOAD_KUBECONFIG: NextStep = {
  do: 'get a kubeconfig of the workload side, for the commands below that use it',
  run: '{kubectl} -n {namespace} get secret {secret} -o go-template=\'{{index .data "{key}" | base64decode}}\' > {name}.kubeconfig',
};

/** REACH_THERE tests the connection that the provider uses. */
export const REACH_THERE: NextStep = {
  do: 'test the connection from where the provider runs',
  run: 'kubectl --kubeconfig {name}.kubeconfig get --raw /readyz',
};

/** PROVIDER_LOGS shows the log of the provider. */
export const PROVIDER_LOGS: NextStep = {
  do: 'check that the provider runs, and read its log',
  run: '{kubectl} -n crossplane-system logs -l app.kubernetes.io/name=managed-cluster-provider --tail=50',
};

/** AGENT_LOGS shows the log of the agent. */
export const AGENT_LOGS: NextStep = {
  do: 'check that the agent runs, and read its log',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n managed-cluster-system logs deployment/managed-cluster-agent --tail=50',
};

/** PODS_THERE are all Pods of the workload cluster. */
export const PODS_THERE: NextStep = {
  do: 'see the Pods in the workload cluster',
  run: 'kubectl --kubeconfig {name}.kubeconfig get pods -A -o wide',
};

/** POLICIES_HERE are fence and guard of the management side. */
export const POLICIES_HERE: NextStep = {
  do: 'list the policies on the management side',
  run: '{kubectl} get validatingadmissionpolicies,validatingadmissionpolicybindings -l managedcluster.io/side',
};

/** POLICIES_THERE are fence and guard of the workload side. */
export const POLICIES_THERE: NextStep = {
  do: 'list the policies on the workload side',
  run: 'kubectl --kubeconfig {name}.kubeconfig get validatingadmissionpolicies,validatingadmissionpolicybindings -l managedcluster.io/side',
};

/** DESCRIBE shows the conditions and events of the object of the finding. */
export const DESCRIBE: NextStep = {
  do: 'see all its conditions and events',
  run: '{kubectl} -n {namespace} describe {object}',
};

/** ABORT aborts a pivot. */
export const ABORT: NextStep = {
  do: 'before the commit you can abort: everything is restored to the state before the pivot',
  run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"abort":true}}\'',
};

/** MANAGERS shows the Cluster API managers on the management side. */
export const MANAGERS: NextStep = {
  do: 'check that the Cluster API managers run on the management side',
  run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
};

/** MANAGERS_THERE shows the Cluster API managers in the workload cluster. */
export const MANAGERS_THERE: NextStep = {
  do: 'check that the Cluster API managers run in the workload cluster',
  run: 'kubectl --kubeconfig {name}.kubeconfig get pods -A -l cluster.x-k8s.io/provider',
};

/** OBJECTS_THERE shows the Cluster API objects in the workload cluster. */
export const OBJECTS_THERE: NextStep = {
  do: 'see the Cluster API objects in the workload cluster',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} get cluster-api',
};

/** OWNERS runs the command `status` of this program. */
export const OWNERS: NextStep = {
  do: 'see the owners on both sides, and all Pivots of the cluster',
  run: 'kubectl managedcluster status {resource} -n {namespace}{flags}',
};
