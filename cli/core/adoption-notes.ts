import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { MANAGEMENT_ANNOTATION } from '../../lib/apis/ownership.ts';
import { USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { plainText } from '../../lib/core/reported.ts';
import { accessSecretName, type Adoption } from './adoption.ts';
import type { Subject } from './snapshot.ts';

/** AdoptionNotes are the facts behind the comment. */
export interface AdoptionNotes {
  readonly subject: Subject;
  /** The Cluster in the cluster. */
  readonly cluster: KubeObject;
  readonly adoption: Adoption;
  /** `kubectl` with the flags for the management side. */
  readonly kubectl: string;
  /** File with the kubeconfig of the cluster. */
  readonly file: string;
  /** Why the provider cannot use the file as it is, although its owner can. */
  readonly unusable?: string;
}

/**
 * adoptionComment is the comment above the manifest, as lines of YAML. No part of it, some come from the cluster, ends
 * the comment or controls the terminal.
 */
export function adoptionComment(notes: AdoptionNotes): readonly string[] {
  const { namespace, name } = notes.subject;
  const lines = [
    `Adoption of the cluster ${namespace}/${name}, made from the plan that its agent follows.`,
    '',
    'Check first:',
    ...checks(notes).flatMap(([first = '', ...more]) => [
      `- ${first}`,
      ...more.map((line) => `  ${line}`),
    ]),
    '',
    'Create the Secret with the kubeconfig of the cluster:',
    ...secretCommands(notes),
    '',
    'Then apply this file with kubectl apply. It writes escrow and record of the cluster on the management side,',
    'marks the Cluster in the cluster as belonging to this management side, and installs the agent there again.',
    'No machine is created or replaced. The user needs the verb adopt on clusters.m.managedcluster.io.',
    'The agent follows the manifest as soon as it asks for what the cluster has. Until then the cluster keeps its',
    'plan, and the condition PlanAccepted of the ClusterPlan names the fields that differ:',
    `  kubectl managedcluster explain ${name} -n ${namespace}${notes.kubectl.replace(/^kubectl/, '')}`,
  ];
  return lines.map((line) => plainText(`# ${line}`).trimEnd());
}

/** A check is a line with lines below it. */
type Check = readonly string[];

function checks(notes: AdoptionNotes): readonly Check[] {
  const { subject, adoption, file } = notes;
  const { namespace, name } = subject;
  const layers = adoption.withoutProfile.join(', ');
  return [
    previousSide(notes),
    [
      'The kubeconfig is that of an administrator, its server is reachable from the management side, and the cluster',
      'admits its writes: one of Cluster API from before the handover can only read, and the present one is in the',
      `Secret ${namespace}/${name}-kubeconfig in the cluster. This changes nothing:`,
      `  kubectl --kubeconfig ${quoted(file)} -n ${AGENT_NAMESPACE} create configmap access-check --dry-run=server`,
    ],
    [`The namespace ${namespace} exists on the management side, with nothing of this name in it.`],
    [
      'The ClusterProfiles in spec.profiles exist with these versions. A profile without layers is not in the list.',
    ],
    [
      'The values of variables cannot be recovered, because the plan has them filled in. Where a profile has',
      'variables without sensitive content, and the previous claim had values for them, add these values to variables.',
      'Sensitive variables that a layer uses are in the list; others that the profile requires are to be added.',
    ],
    [
      'The Secrets in variables, and the identities in spec.cloud, exist and allow this cluster to use them',
      `(${USABLE_BY_ANNOTATION} and the other annotations in docs/claim.md).`,
    ],
    ['spec.deletionPolicy is what you want: Delete removes all machines with the ManagedCluster.'],
    ...(layers === ''
      ? []
      : [
          [
            `The plan does not say which profile these layers come from: ${layers}.`,
            'Add the profiles to spec.profiles.',
          ],
        ]),
  ];
}

function previousSide({ cluster, kubectl }: AdoptionNotes): Check {
  const gone =
    'The previous management side is lost, or the ManagedCluster was deleted there with deletionPolicy Orphan.';
  const uid = cluster.metadata.annotations?.[MANAGEMENT_ANNOTATION];
  if (uid === undefined) return [gone];
  return [
    gone,
    `The cluster belongs to the one whose namespace kube-system has the uid ${uid}.`,
    'If this management side has that uid, it is the same one: adopt only what was deleted there with Orphan.',
    `  ${kubectl} get namespace kube-system -o jsonpath='{.metadata.uid}'`,
  ];
}

function secretCommands({ subject, kubectl, file, unusable }: AdoptionNotes): readonly string[] {
  const { namespace, name } = subject;
  const secret = accessSecretName(name);
  const there = `${kubectl} -n ${namespace}`;
  const accepted = unusable === undefined ? file : `${secret}.kubeconfig`;
  return [
    ...(unusable === undefined
      ? []
      : [
          `The management side does not accept the file as it is: ${unusable}.`,
          'A file with all that is needed, and nothing else, can be made of it unless it runs a program to log in:',
          `  kubectl config view --kubeconfig ${quoted(file)} --minify --flatten --raw > ${accepted}`,
        ]),
    `  ${there} create secret generic ${secret} --from-file=value=${quoted(accepted)}`,
    `  ${there} annotate secret ${secret} ${USABLE_BY_ANNOTATION}=${name}`,
  ];
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
