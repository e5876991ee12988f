import { isPaused, PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { findingOf, type Advice, type Finding, type Rule } from '../finding.ts';
import { pivotsOf, type Snapshot } from '../snapshot.ts';

const PAUSED: Advice = {
  why: `With the annotation ${PAUSED_ANNOTATION} nothing is done about the object; it is not even deleted.`,
  severity: 'problem',
  next: [
    {
      do: 'when it is time, take the annotation off',
      run: `{kubectl} -n {namespace} annotate {object} ${PAUSED_ANNOTATION}-`,
    },
  ],
};

const CIRCUIT_OPEN: Advice = {
  why: 'Crossplane drops events of an object that changes too often (its circuit breaker). For five minutes it looks at the object by the time to live of the last answer only: things go on, some seconds later. The condition stays until the next event, an hour at most, and hides nothing then.',
  usualSeconds: 4200,
  next: [
    { do: 'wait: with the next change, or within the hour, the condition goes' },
    {
      do: 'when it does not, find out who keeps changing one of the composed objects',
      run: '{kubectl} get events -A --field-selector involvedObject.name={name} --sort-by=.lastTimestamp',
    },
  ],
};

/** Errors of Crossplane's reconciler that have a known cause (facts/crossplane-runs.md), most telling first. */
const ERRORS: readonly { readonly says: RegExp; readonly advice: Advice }[] = [
  {
    says: /Only one reference can have Controller set to true/,
    advice: {
      why: 'Seen while a pivot releases objects: another controller has them already, and Crossplane forgets them in a moment.',
      usualSeconds: 120,
      next: [
        {
          do: 'when no pivot is under way, see who controls the object that is named',
          run: "{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o jsonpath='{.metadata.ownerReferences}'",
        },
      ],
    },
  },
  {
    says: /no matches for kind/,
    advice: {
      why: 'A kind is not served: its CRD is missing.',
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
      why: 'Crossplane has not the right to do it.',
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
      why: 'A policy refused it. The policies guard and fence refuse what would lose machines; that is what they are for.',
      severity: 'problem',
      next: [{ do: 'read the refusal: it names the object and the way on' }],
    },
  },
  {
    says: /failed calling webhook|conversion webhook/,
    advice: {
      why: 'A webhook of Cluster API does not answer.',
      severity: 'problem',
      next: [
        {
          do: 'see whether the managers of Cluster API run, and their certificates are valid',
          run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
        },
      ],
    },
  },
  {
    says: /cannot (run|get) (the )?(pipeline|[Ff]unction)|cannot run Composition pipeline|no such host|connection refused|DeadlineExceeded/,
    advice: {
      why: 'Crossplane can not reach the function, or the function failed.',
      severity: 'problem',
      next: [
        {
          do: 'is the function healthy?',
          run: '{kubectl} get functions.pkg.crossplane.io,functionrevisions.pkg.crossplane.io',
        },
        {
          do: 'what does it say?',
          run: '{kubectl} -n crossplane-system logs -l pkg.crossplane.io/function=function-managed-cluster --tail=50',
        },
      ],
    },
  },
];

const OTHER_ERROR: Advice = {
  why: 'Crossplane could not carry out what the function wants; it tries again by itself.',
  severity: 'problem',
  next: [
    { do: 'see the whole of it', run: '{kubectl} -n {namespace} describe {object}' },
    {
      do: 'see what Crossplane itself says',
      run: '{kubectl} -n crossplane-system logs -l app=crossplane --tail=50',
    },
  ],
};

/** crossplane is whether the machinery underneath works at all. */
export const crossplane: Rule = (snapshot) => {
  const { claim, composite, agentInstallation } = snapshot;
  const heads = [claim, composite].filter((object) => object !== undefined);
  const own = [agentInstallation, ...pivotsOf(snapshot)].filter((object) => object !== undefined);
  return [
    ...[...heads, ...own].flatMap((object) => paused(snapshot, object)),
    // What fails in ours is the subject of rules that know its parts and steps.
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
    what: `${object.kind} can not be reconciled: ${message}`,
    since: lastTransitionTime,
  };
  return [findingOf(snapshot, evidence, known?.advice ?? OTHER_ERROR)];
}

function unresponsive(snapshot: Snapshot, object: KubeObject): readonly Finding[] {
  const condition = conditionOf(object, 'Responsive');
  if (condition?.status !== 'False') return [];
  const { message = '', reason = 'WatchCircuitOpen', lastTransitionTime } = condition;
  const what = `Crossplane does not follow changes of ${object.kind}: ${message}`;
  return [findingOf(snapshot, { reason, object, what, since: lastTransitionTime }, CIRCUIT_OPEN)];
}
