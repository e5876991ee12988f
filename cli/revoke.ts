import { setTimeout as delay } from 'node:timers/promises';
import { plainText } from '../lib/core/reported.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { RevokeQuestion } from './arguments.ts';
import { keepersOf } from './core/gitops.ts';
import { type Progress, restorationProgress, revocationProgress } from './core/revocation.ts';
import { obstacles } from './core/revocation-help.ts';
import {
  copiedLines,
  type Ending,
  gitWarning,
  openLines,
  restoredLines,
  revokedLines,
} from './core/revocation-text.ts';
import { objectIn, type Standing } from './core/standing.ts';
import { readerOf } from './observe/reader.ts';
import { findSubject } from './observe/subject.ts';
import { copiedInto } from './revoke/credentials.ts';
import { readStanding, refOfComposite, type Target } from './revoke/standing.ts';
import { cutNow, setRevoked, takeBack } from './revoke/writes.ts';

/** RevokePlace is the management side, as the caller reaches it. */
export interface RevokePlace {
  readonly api: KubeApi;
  readonly namespace: string;
  /** `kubectl` with the flags for this cluster. */
  readonly kubectl: string;
}

/** Voice is where the command says what it does. */
export interface Voice {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** How often the management side is looked at. */
const EVERY_MS = 500;

/**
 * revoke cuts a cluster off from the management side, or lets it in again, and returns whether the management side has
 * come to that. Fails with a message for the user when the ManagedCluster cannot be found.
 */
export async function revoke(
  question: RevokeQuestion,
  place: RevokePlace,
  voice: Voice,
): Promise<boolean> {
  const { restore } = question;
  const target = await targetOf(question, place);
  const first = await readStanding(target);
  tell(voice.error, warnings(first, restore));
  const { head } = target;
  const problem = head === undefined ? undefined : await setRevoked(place.api, head, !restore);
  const refused = problem === undefined ? [] : [problem];
  // What was refused does not come by itself.
  const waitSeconds = refused.length === 0 ? question.waitSeconds : 0;
  const reached = await reach(target, first, { ...question, waitSeconds }, voice);
  return report(target, { ...reached, refused: [...refused, ...reached.refused] }, question, voice);
}

/** Names are those of others, and a terminal must not be controlled by them. */
function tell(write: (text: string) => void, lines: readonly string[]): void {
  for (const line of lines) write(`${plainText(line)}\n`);
}

async function targetOf(
  { wanted }: RevokeQuestion,
  { api, namespace, kubectl }: RevokePlace,
): Promise<Target> {
  const found = await findSubject(readerOf(api), wanted, namespace);
  const { subject, claim, composite } = found;
  return { api, kubectl, subject, head: claim ?? composite, behind: refOfComposite(found) };
}

function warnings(standing: Standing, restore: boolean): readonly string[] {
  const head = objectIn(standing.head);
  const keepers = head === undefined ? [] : keepersOf(head);
  return [
    ...keepers.map((keeper) => gitWarning(standing, keeper, !restore)),
    ...obstacles(standing).map((obstacle) => `warning: ${obstacle}`),
  ];
}

/** Looks until nothing is open or the time is over, and says each fact when it is reached. */
async function reach(
  target: Target,
  first: Standing,
  { restore, now, waitSeconds }: RevokeQuestion,
  voice: Voice,
): Promise<Ending> {
  const end = performance.now() + waitSeconds * 1000;
  const said = new Set<string>();
  let standing = first;
  for (;;) {
    // oxlint-disable no-await-in-loop -- each look comes after the previous one
    const refused = await act(target.api, standing, { restore, now });
    standing = await readStanding(target);
    const progress = restore ? restorationProgress(standing) : revocationProgress(standing);
    tell(voice.out, news(progress, said));
    const left = end - performance.now();
    if (progress.open.length === 0 || left <= 0) return { standing, open: progress.open, refused };
    await delay(Math.min(EVERY_MS, left));
    // oxlint-enable no-await-in-loop
  }
}

function news({ reached }: Progress, said: Set<string>): readonly string[] {
  const fresh = reached.filter((fact) => !said.has(fact));
  for (const fact of fresh) said.add(fact);
  return fresh.map((fact) => `done  ${fact}`);
}

async function act(
  api: KubeApi,
  standing: Standing,
  { restore, now }: Pick<RevokeQuestion, 'restore' | 'now'>,
): Promise<readonly string[]> {
  if (restore) return takeBack(api, standing);
  return now ? cutNow(api, standing) : [];
}

async function report(
  target: Target,
  ending: Ending,
  question: RevokeQuestion,
  voice: Voice,
): Promise<boolean> {
  const { restore } = question;
  const { standing, open } = ending;
  const reached = open.length === 0;
  if (reached) tell(voice.out, restore ? restoredLines(standing) : revokedLines(standing));
  else tell(voice.error, openLines(ending, question));
  if (!restore) tell(voice.out, copiedLines(await copiedInto(target, standing)));
  return reached;
}
