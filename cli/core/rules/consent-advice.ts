import type { Advice } from '../finding.ts';

/** CONSENT is the advice for objects that a claim refers to and their owner has not allowed. */
export const CONSENT = {
  SecretNotAllowed: {
    why: 'The right to write claims does not include the right to read Secrets. Therefore a Secret lists the clusters that can use it, in an annotation that its owner sets.',
    severity: 'problem',
    next: [
      {
        do: 'ask the owner of the Secret to run the command in the message above, or refer to another Secret',
        run: '{kubectl} -n {namespace} get {resource} -o yaml',
      },
    ],
  },
  IdentityNotAllowed: {
    why: 'The infrastructure provider lets a cluster use an identity only if spec.allowedNamespaces of the identity includes the namespace of the cluster.',
    severity: 'problem',
    next: [
      {
        do: 'see which identity the claim references',
        run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.cloud.identityRef}{.spec.cloud.workloadIdentityRef}'",
      },
    ],
  },
  CopyNotAllowed: {
    why: 'The providers in the cluster need a copy of the identity, which every administrator of the cluster can read. Therefore its owner must agree, in an annotation.',
    severity: 'problem',
    next: [
      {
        do: 'ask the owner of the identity to run the command in the message above, or set cloud.workloadIdentityRef to an identity with fewer permissions that can be copied',
        run: '{kubectl} -n {namespace} edit {resource}',
      },
    ],
  },
  ControllerIdentity: {
    why: 'The infrastructure provider uses this identity for the clusters of everybody, so no cluster gets a copy.',
    severity: 'problem',
    next: [
      {
        do: 'refer to another identity; or set cloud.workloadIdentityRef to this identity, if the permissions of the machines are sufficient',
        run: '{kubectl} -n {namespace} edit {resource}',
      },
    ],
  },
  CredentialMissing: {
    why: 'The providers in the cluster need the identity that the claim references, with its Secret.',
    severity: 'problem',
    next: [
      {
        do: 'see which identity the claim references; create it, or reference another one',
        run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.cloud.identityRef}{.spec.cloud.workloadIdentityRef}'",
      },
    ],
  },
  MirrorNotAllowed: {
    why: 'The agent and the providers run with many permissions, so an administrator of the management side decides from which registries they are pulled.',
    severity: 'problem',
    next: [
      {
        do: 'remove agent.imageMirror from the claim, or ask an administrator to allow it',
        run: '{kubectl} -n {namespace} edit {resource}',
      },
    ],
  },
  ProviderNotTrusted: {
    why: 'A provider runs in every cluster with many permissions, so it is copied only from namespaces of an administrator.',
    severity: 'problem',
    next: [
      {
        do: 'compare the namespaces of the providers with those that have the label',
        run: '{kubectl} get namespaces -L cluster.x-k8s.io/provider && {kubectl} get deployments -A -l cluster.x-k8s.io/provider',
      },
      { do: 'then follow the message above, as an administrator of the management side' },
    ],
  },
  ProviderNotRestricted: {
    why: 'A provider runs in every cluster that uses its cloud, so its Pods get no access to the nodes unless an administrator allows it.',
    severity: 'problem',
    next: [
      {
        do: 'check the Pods of the provider; then follow the message above, as an administrator of the management side',
        run: '{kubectl} get deployments -A -l cluster.x-k8s.io/provider -o yaml',
      },
    ],
  },
} as const satisfies Readonly<Record<string, Advice>>;
