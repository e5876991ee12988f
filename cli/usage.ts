/** USAGE is what `--help` prints. */
export const USAGE = `Tell where a ManagedCluster is, and why it is not further. Only reads.

  kubectl managedcluster status NAME     the whole tree with owners, both sides
  kubectl managedcluster explain NAME    what it waits for, since when, why, and what to do

NAME is that of a claim or of a namespaced composite. Where both kinds have the name, write
managedcluster/NAME for the claim, or namespacedmanagedcluster/NAME for the namespaced composite.

Flags:
  -n, --namespace NAMESPACE   that of the ManagedCluster; the one of the context when left out
      --context CONTEXT       context of the kubeconfig to use
      --kubeconfig FILE       kubeconfig to use; otherwise KUBECONFIG (may be a list), ~/.kube/config
  -o, --output FORMAT         text (default), json or yaml
      --exit-code             exit with 1 when the cluster is not operational, or in danger
      --no-color              no colours; there are none either with NO_COLOR or without a terminal
  -h, --help                  this text

Exit codes: 0 answered; 1 with --exit-code: not operational; 2 wrong usage; 3 no answer (not found,
no access, unreachable).
`;
