/** USAGE is the output of `--help`. */
export const USAGE = `Show the state of a ManagedCluster, and why it does not progress; cut off a compromised cluster.
Only revoke changes anything.

  kubectl managedcluster status NAME     show the tree of objects with their owners, on both sides
  kubectl managedcluster explain NAME    show what it waits for, since when, why, and what to do
  kubectl managedcluster revoke NAME     cut the cluster off from the management side: its agent
                                         loses its identity, and gets none until revoke --restore
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
      --wait SECONDS          revoke: how long to wait (default: 30; with --restore: 120)
      --now                   revoke: also delete the identity with your own permissions, for the
                              case that Crossplane or the provider does not run
      --restore               revoke: let the cluster in again, with a new identity
      --cluster-kubeconfig FILE
                              adopt: kubeconfig of the cluster; its content is not printed
      --flavour FLAVOUR       adopt: claim (default) or namespaced (a namespaced composite)
      --no-color              disable colors; also disabled by NO_COLOR or without a terminal
  -h, --help                  show this help

Exit codes: 0 success, with revoke: the cluster is cut off (--restore: connected again); 1 with
revoke: it is not yet; with --exit-code: not operational or in danger; 2 invalid usage; 3 no result
(not found, no access, unreachable, a cluster that cannot be adopted).
`;
