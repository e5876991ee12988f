import type { Copied } from './copied.ts';
import { resourceOf } from './finding.ts';
import { byHand, notPassedOn, restoreByHand, suspects } from './revocation-help.ts';
import { type IdentityLook, objectIn, type Standing } from './standing.ts';

/** Ending is where the management side was when the command stopped looking. */
export interface Ending {
  /** As it was before anything was written. */
  readonly first: Standing;
  readonly standing: Standing;
  readonly open: readonly string[];
  /** Writes that did not work, with their reasons. */
  readonly refused: readonly string[];
}

/** gitWarning says that a tool can set back what the command does. */
export function gitWarning({ subject }: Standing, keeper: string, revoked: boolean): string {
  const resource = resourceOf({ subject });
  return `warning: ${resource} is managed by ${keeper}: the next sync can set spec.agent.revoked back. Write ${revoked} for it into Git as well, or stop the sync`;
}

/** revokedLines are the result of a revocation that is complete. */
export function revokedLines(
  standing: Standing,
  { now }: { readonly now: boolean },
): readonly string[] {
  const { namespace, name } = standing.subject;
  const kept = `spec.revoked of AgentInstallation ${namespace}/${name} stays, because --now was used: Crossplane does not remove it. Only --restore does; revoked: false in the claim is not enough.`;
  return [
    '',
    `${clusterOf(standing)} is cut off: its agent has no access to the management side, and gets none before`,
    `  ${plugin(standing, 'revoke')} --restore`,
    OPEN_WATCH,
    'The cluster keeps running; changes of the claim are not applied in it.',
    ...(now ? [kept] : []),
    ...notPassedOn(standing, true),
  ];
}

const OPEN_WATCH =
  'Exception: a watch on its own ClusterPlan that the agent had open already can go on for up to an hour. (Known from the documentation of Kubernetes, not tested here: the API server authorizes a watch once, and by default ends it after 30 to 60 minutes.)';

/** restoredLines are the result of a restoration that is complete. */
export function restoredLines({ first, standing }: Ending): readonly string[] {
  return ['', `${clusterOf(standing)} is ${CONNECTED[replacementIn(first, standing)]}.`];
}

const CONNECTED = {
  Replaced: 'connected again: its agent has a new identity, and no token from before works',
  Kept: 'connected: its identity was not replaced, so tokens from before still work',
  Unknown:
    'connected: it was not seen that its identity was replaced, so tokens from before can still work',
} as const;

/** A new ServiceAccount is what makes the tokens of the one before useless. */
function replacementIn(first: Standing, last: Standing): keyof typeof CONNECTED {
  const [before, after] = [accountIn(first), accountIn(last)];
  const now = uidIn(after);
  if (now === undefined || before?.ref.name !== after?.ref.name) return 'Unknown';
  if (before?.look.kind === 'Gone') return 'Replaced';
  const uid = uidIn(before);
  if (uid === undefined) return 'Unknown';
  return uid === now ? 'Kept' : 'Replaced';
}

function uidIn(account: IdentityLook | undefined): string | undefined {
  return objectIn(account?.look)?.metadata.uid;
}

function accountIn({ identity = [] }: Standing): IdentityLook | undefined {
  return identity.find(({ ref }) => ref.kind === 'ServiceAccount');
}

/** openLines are the result of a command whose goal was not reached: what is left, why, and what to do. */
export function openLines(
  { standing, open, refused }: Ending,
  { restore, now }: { readonly restore: boolean; readonly now: boolean },
): readonly string[] {
  const goal = restore ? 'not connected again' : 'NOT cut off';
  const cluster = clusterOf(standing);
  // A field that could not be written can be what keeps the present state from lasting.
  const head =
    open.length > 0
      ? `${cluster} is ${goal} yet. What is left:`
      : `${cluster} looks as asked for, but this does not count as done, because a write did not work:`;
  const commands = restore ? restoreByHand(standing) : byHand(standing);
  return [
    '',
    `error: ${head}`,
    ...listed(open),
    ...refused,
    ...suspects(standing, !restore),
    ...(commands.length === 0 ? [] : [advice(restore, now), ...commands.map(indented)]),
    ...(restore ? ['What the cluster waits for:', indented(plugin(standing, 'explain'))] : []),
  ];
}

/** copiedLines say what a revocation does not do. */
export function copiedLines({ names, unread }: Copied): readonly string[] {
  const known =
    names.length === 0
      ? ['No credential is known that was copied into the cluster.']
      : [
          'These were copied into the cluster or could be read by it. A revocation does not take them back: have their owners change them.',
          ...listed(names),
        ];
  const hidden = unread.join(', ');
  return [
    '',
    ...known,
    ...(hidden === '' ? [] : [`There can be more, because these could not be read: ${hidden}.`]),
    'Change also what its earlier profiles named, what its machines may do at the cloud, and everything that ran in it.',
  ];
}

function advice(restore: boolean, now: boolean): string {
  if (restore) return 'By hand:';
  const self = now
    ? ''
    : ', or run this command with --now, which also checks that each object is that of this cluster';
  return `By hand, as an administrator${self}:`;
}

function clusterOf({ subject: { namespace, name } }: Standing): string {
  return `ManagedCluster ${namespace}/${name}`;
}

function plugin({ subject, kubectl }: Standing, verb: string): string {
  const flags = kubectl.replace(/^kubectl/, '');
  return `kubectl managedcluster ${verb} ${resourceOf({ subject })} -n ${subject.namespace}${flags}`;
}

function listed(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  - ${line}`);
}

function indented(line: string): string {
  return `  ${line}`;
}
