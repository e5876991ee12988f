import { ACCEPTED_REASONS, type RefusalReason } from '../../../lib/apis/reasons/managed-cluster.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import {
  adviceOn,
  findingOf,
  ofCondition,
  type Advice,
  type Rule,
  type NextStep,
} from '../finding.ts';
import { headOf } from '../snapshot.ts';

const EDIT: NextStep = {
  do: 'change the claim in its source (Git, Terraform), or in place',
  run: '{kubectl} -n {namespace} edit {resource}',
};

const PROFILES: NextStep = {
  do: 'list the profiles and their versions',
  run: "{kubectl} get clusterprofiles.m.managedcluster.io -o custom-columns='NAME:.metadata.name,VERSIONS:.spec.versions[*].version'",
};

const REFUSED =
  'A claim that is not accepted changes nothing: existing objects stay exactly as they are.';

/** REFUSALS is what to do about each reason of `Accepted=False`. */
export const REFUSALS: Readonly<Record<RefusalReason, Advice>> = {
  InvalidSpec: { why: REFUSED, severity: 'problem', next: [EDIT] },
  NameTaken: {
    why: `${REFUSED} Crossplane would overwrite the objects of another cluster with that name.`,
    severity: 'problem',
    next: [
      {
        do: 'find out who owns the name; a self-managed cluster has only its ClusterPlan and Pivot here',
        run: '{kubectl} -n {namespace} get clusters.cluster.x-k8s.io,clusterplans.m.managedcluster.io,pivots.m.managedcluster.io {name} -o yaml --ignore-not-found',
      },
      { do: 'then create this ManagedCluster with another name or in another namespace' },
    ],
  },
  ProfileNotFound: { why: REFUSED, severity: 'problem', next: [PROFILES, EDIT] },
  ProfileVersionNotFound: { why: REFUSED, severity: 'problem', next: [PROFILES, EDIT] },
  InvalidProfile: {
    why: `${REFUSED} The mistake is in the ClusterProfile, not in the claim.`,
    severity: 'problem',
    next: [
      PROFILES,
      { do: 'correct the ClusterProfile in the message, or select another version of it' },
    ],
  },
  InvalidVariables: { why: REFUSED, severity: 'problem', next: [EDIT] },
  SecretNotFound: {
    why: `${REFUSED} The Secret is looked up again periodically.`,
    severity: 'problem',
    next: [{ do: 'create the Secret', run: '{kubectl} -n {namespace} get secrets' }, EDIT],
  },
  SecretNotAllowed: {
    why: `${REFUSED} The right to write claims does not include the right to read Secrets, so a Secret lists the clusters that can use it, in an annotation.`,
    severity: 'problem',
    next: [
      {
        do: 'ask the owner of the Secret to run the command in the message, or use another Secret',
      },
      EDIT,
    ],
  },
  IdentityNotFound: {
    why: `${REFUSED} The identity is looked up again periodically.`,
    severity: 'problem',
    next: [{ do: 'create the identity object or Secret in the message' }, EDIT],
  },
  ServerNotAllowed: {
    why: `${REFUSED} Cluster API sends the credentials of the identity to the server in the claim, so the identity lists the servers that can get them, in an annotation.`,
    severity: 'problem',
    next: [
      {
        do: 'if the server in the claim is right, ask the owner of the identity to run the command in the message',
      },
      EDIT,
    ],
  },
};

const OTHER_REFUSAL: Advice = { why: REFUSED, severity: 'problem', next: [EDIT] };

const PAUSED: Advice = {
  why: 'spec.paused is true: nothing is changed on either side until it is false.',
  severity: 'note',
  next: [
    {
      do: 'to continue, set spec.paused to false',
      run: '{kubectl} -n {namespace} patch {resource} --type=merge -p \'{"spec":{"paused":false}}\'',
    },
  ],
};

const NEVER_CALLED: Advice = {
  why: 'Crossplane calls the function a second or two after an object is applied. If it does not, Crossplane or the function is not running, or the XRDs and Compositions of the package are not installed.',
  usualSeconds: 30,
  next: [
    { do: 'check that the XRDs are established and offered', run: '{kubectl} get xrd' },
    { do: 'check that a Composition for it exists', run: '{kubectl} get compositions' },
    {
      do: 'check that the function and Crossplane are healthy',
      run: '{kubectl} get functions.pkg.crossplane.io && {kubectl} -n crossplane-system get pods',
    },
  ],
};

/** acceptance reports a claim that is not accepted or is paused; nothing else proceeds before it is accepted. */
export const acceptance: Rule = (snapshot) => {
  const head = headOf(snapshot);
  if (head === undefined) return [];
  const condition = conditionOf(head, 'Accepted');
  if (condition === undefined) {
    const since = head.metadata.creationTimestamp;
    const what = 'Crossplane has not called the function for it yet';
    return [findingOf(snapshot, { reason: 'NotSeen', object: head, what, since }, NEVER_CALLED)];
  }
  const accepted = condition.status === 'True';
  if (accepted && condition.reason !== ACCEPTED_REASONS.Paused) return [];
  const evidence = ofCondition(snapshot.claim ?? head, condition);
  const advice = accepted ? PAUSED : adviceOn(REFUSALS, evidence.reason);
  return [findingOf(snapshot, evidence, advice ?? OTHER_REFUSAL)];
};
