import { isPaused, PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { findingOf, type Advice, type Finding, type Rule } from '../finding.ts';
import { pivotsOf, type Snapshot } from '../snapshot.ts';

const PAUSED: Advice = {
  why: `An object with the annotation ${PAUSED_ANNOTATION} is not reconciled, and its deletion does not proceed.`,
  severity: 'problem',
  next: [
    {
      do: 'to continue, remove the annotation',
      run: `{kubectl} -n {namespace} annotate {object} ${PAUSED_ANNOTATION}-`,
    },
  ],
};

const CIRCUIT_OPEN: Advice = {
  why: 'Crossplane drops events of an object that changes too often (its circuit breaker). For five minutes it reconciles the object only when the time to live of the last response expires, so changes take effect some seconds later. The condition stays until the next event, at most an hour; by then no event is dropped any more.',
  usualSeconds: 4200,
  next: [
    { do: 'wait: the condition clears with the next change, or within an hour' },
    {
      do: 'if it does not, find out who keeps changing one of the composed objects',
      run: '{kubectl} get events -A --field-selector involvedObject.name={name} --sort-by=.lastTimestamp',
    },
  ],
};

/** Errors of Crossplane's reconciler with a known cause (facts/crossplane-runs.md), most specific first. */
const ERRORS: readonly { readonly says: RegExp; readonly advice: Advice }[] = [
  {
    says: /Only one reference can have Controller set to true/,
    advice: {
      why: 'Expected while a pivot releases objects: they already have another controller, and Crossplane drops its references shortly.',
      usualSeconds: 120,
      next: [
        {
          do: 'if no pivot is in progress, see which controller owns the object in the message',
          run: "{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o jsonpath='{.metadata.ownerReferences}'",
        },
      ],
    },
  },
  {
    says: /no matches for kind/,
    advice: {
      why: 'The API server does not serve a kind: its CRD is missing.',
      severity: 'problem',
      next: [
        {
          do: 'install the CRDs of this package, and Cluster API with the infrastructure provider of the cloud',
          run: "{kubectl} get crd | grep -E 'cluster.x-k8s.io|managedcluster.io'",
        },
      ],
    },
  },
  {
    says: /is forbidden: User "system:serviceaccount:/,
    advice: {
      why: 'RBAC does not allow Crossplane to do this.',
      severity: 'problem',
      next: [
        {
          do: 'install package/rbac/crossplane.yaml',
          run: '{kubectl} get clusterroles -l rbac.crossplane.io/aggregate-to-crossplane=true',
        },
      ],
    },
  },
  {
    says: /ValidatingAdmissionPolicy/,
    advice: {
      why: 'A policy denied the request. The policies guard and fence deny requests that would orphan machines.',
      severity: 'problem',
      next: [{ do: 'read the message of the policy: it names the object and what to do instead' }],
    },
  },
  {
    says: /failed calling webhook|conversion webhook/,
    advice: {
      why: 'A webhook of Cluster API does not answer.',
      severity: 'problem',
      next: [
        {
          do: 'check that the Cluster API managers run and that their certificates are valid',
          run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
        },
      ],
    },
  },
  {
    says: /cannot (run|get) (the )?(pipeline|[Ff]unction)|cannot run Composition pipeline|no such host|connection refused|DeadlineExceeded/,
    advice: {
      why: 'Crossplane cannot reach the function, or the function failed.',
      severity: 'problem',
      next: [
        {
          do: 'check that the function is healthy',
          run: '{kubectl} get functions.pkg.crossplane.io,functionrevisions.pkg.crossplane.io',
        },
        {
          do: 'read its log',
          run: '{kubectl} -n crossplane-system logs -l pkg.crossplane.io/function=function-managed-cluster --tail=50',
        },
      ],
    },
  },
];

const OTHER_ERROR: Advice = {
  why: 'Crossplane could not apply the response of the function; it retries.',
  severity: 'problem',
  next: [
    { do: 'see the full conditions and events', run: '{kubectl} -n {namespace} describe {object}' },
    {
      do: 'read the log of Crossplane',
      run: '{kubectl} -n crossplane-system logs -l app=crossplane --tail=50',
    },
  ],
};

/** crossplane reports paused objects, and whether Crossplane itself can reconcile. */
export const crossplane: Rule = (snapshot) => {
  const { claim, composite, agentInstallation } = snapshot;
  const heads = [claim, composite].filter((object) => object !== undefined);
  const own = [agentInstallation, ...pivotsOf(snapshot)].filter((object) => object !== undefined);
  return [
    ...[...heads, ...own].flatMap((object) => paused(snapshot, object)),
    // Failures of our own kinds are reported by the rules for their parts and steps.
    ...heads.flatMap((object) => [
      ...unsynced(snapshot, object),
      ...unresponsive(snapshot, object),
    ]),
  ];
};

function paused(snapshot: Snapshot, object: KubeObject): readonly Finding[] {
  if (!isPaused(object)) return [];
  const since = conditionOf(object, 'Synced')?.lastTransitionTime;
  const what = `${object.kind} is paused: its annotation ${PAUSED_ANNOTATION} is true`;
  return [findingOf(snapshot, { reason: 'ReconcilePaused', object, what, since }, PAUSED)];
}

function unsynced(snapshot: Snapshot, object: KubeObject): readonly Finding[] {
  const condition = conditionOf(object, 'Synced');
  if (condition?.status !== 'False' || condition.reason === 'ReconcilePaused') return [];
  const { message = '', reason = 'ReconcileError', lastTransitionTime } = condition;
  const known = ERRORS.find(({ says }) => says.test(message));
  const evidence = {
    reason,
    object,
    what: `${object.kind} cannot be reconciled: ${message}`,
    since: lastTransitionTime,
  };
  return [findingOf(snapshot, evidence, known?.advice ?? OTHER_ERROR)];
}

function unresponsive(snapshot: Snapshot, object: KubeObject): readonly Finding[] {
  const condition = conditionOf(object, 'Responsive');
  if (condition?.status !== 'False') return [];
  const { message = '', reason = 'WatchCircuitOpen', lastTransitionTime } = condition;
  const what = `Crossplane does not watch changes of ${object.kind}: ${message}`;
  return [findingOf(snapshot, { reason, object, what, since: lastTransitionTime }, CIRCUIT_OPEN)];
}
