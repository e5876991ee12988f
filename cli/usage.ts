/** USAGE is the output of `--help`. */
export const USAGE = `Show the state of a ManagedCluster, and why it does not progress. Read-only.

  kubectl managedcluster status NAME     show the tree of objects with their owners, on both sides
  kubectl managedcluster explain NAME    show what it waits for, since when, why, and what to do
  kubectl managedcluster adopt NAME -n NAMESPACE --cluster-kubeconfig FILE
                                         print the manifest with which a management side adopts a
                                         cluster that manages itself, after its own one was lost

NAME is the name of a claim or of a namespaced composite. If both exist with this name, use
managedcluster/NAME for the claim or namespacedmanagedcluster/NAME for the namespaced composite.
For adopt, NAME and NAMESPACE are those of the Cluster in the cluster.

Flags:
  -n, --namespace NAMESPACE   namespace of the ManagedCluster (default: namespace of the context)
      --context CONTEXT       context of the kubeconfig to use
      --kubeconfig FILE       kubeconfig to use (default: KUBECONFIG, may be a list; ~/.kube/config)
  -o, --output FORMAT         output format: text (default), json or yaml
      --exit-code             exit with 1 when the cluster is not operational or in danger
      --cluster-kubeconfig FILE
                              adopt: kubeconfig of the cluster; its content is not printed
      --flavour FLAVOUR       adopt: claim (default) or namespaced (a namespaced composite)
      --no-color              disable colors; also disabled by NO_COLOR or without a terminal
  -h, --help                  show this help

Exit codes: 0 success; 1 with --exit-code: not operational or in danger; 2 invalid usage; 3 no
result (not found, no access, unreachable, a cluster that cannot be adopted).
`;
