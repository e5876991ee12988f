import type { NextStep } from '../finding.ts';

/*
 * What several findings advise. None changes anything but what its sentence says.
 */

/** WORKLOAD_KUBECONFIG is how a user gets hold of the workload side. */
export const WORKLOAD_KUBECONFIG: NextStep = {
  do: 'get a kubeconfig of the workload side, for the commands that need it',
  run: '{kubectl} -n {namespace} get secret {secret} -o go-template=\'{{index .data "{key}" | base64decode}}\' > {name}.kubeconfig',
};

/** REACH_THERE tries the way that the provider goes. */
export const REACH_THERE: NextStep = {
  do: 'try it yourself, from where the provider runs',
  run: 'kubectl --kubeconfig {name}.kubeconfig get --raw /readyz',
};

/** PROVIDER_LOGS is where the provider itself speaks. */
export const PROVIDER_LOGS: NextStep = {
  do: 'does the provider run, and what does it say?',
  run: '{kubectl} -n crossplane-system logs -l app.kubernetes.io/name=managed-cluster-provider --tail=50',
};

/** AGENT_LOGS is where the agent speaks. */
export const AGENT_LOGS: NextStep = {
  do: 'does the agent run, and what does it say?',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n managed-cluster-system logs deployment/managed-cluster-agent --tail=50',
};

/** PODS_THERE are all Pods of the workload cluster. */
export const PODS_THERE: NextStep = {
  do: 'see the Pods in the workload cluster',
  run: 'kubectl --kubeconfig {name}.kubeconfig get pods -A -o wide',
};

/** POLICIES_HERE are fence and guard of the management side. */
export const POLICIES_HERE: NextStep = {
  do: 'see which policies are here',
  run: '{kubectl} get validatingadmissionpolicies,validatingadmissionpolicybindings -l managedcluster.io/side',
};

/** POLICIES_THERE are fence and guard of the workload side. */
export const POLICIES_THERE: NextStep = {
  do: 'see which policies are there',
  run: 'kubectl --kubeconfig {name}.kubeconfig get validatingadmissionpolicies,validatingadmissionpolicybindings -l managedcluster.io/side',
};

/** DESCRIBE shows all that the object of the finding says. */
export const DESCRIBE: NextStep = {
  do: 'see all that it says',
  run: '{kubectl} -n {namespace} describe {object}',
};

/** ABORT gives a pivot up. */
export const ABORT: NextStep = {
  do: 'before the commit you may give up: everything is put back as it was',
  run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"abort":true}}\'',
};

/** MANAGERS are Cluster API's on the management side. */
export const MANAGERS: NextStep = {
  do: 'see whether the managers of Cluster API run here',
  run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
};

/** MANAGERS_THERE are Cluster API's in the workload cluster. */
export const MANAGERS_THERE: NextStep = {
  do: 'see whether the managers of Cluster API run there',
  run: 'kubectl --kubeconfig {name}.kubeconfig get pods -A -l cluster.x-k8s.io/provider',
};

/** OBJECTS_THERE are Cluster API's objects in the workload cluster. */
export const OBJECTS_THERE: NextStep = {
  do: 'see the objects there',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} get cluster-api',
};

/** OWNERS is the command beside this one. */
export const OWNERS: NextStep = {
  do: 'see the owners on both sides, and all Pivots of the cluster',
  run: 'kubectl managedcluster status {resource} -n {namespace}{flags}',
};
