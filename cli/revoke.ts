import { setTimeout as delay } from 'node:timers/promises';
import { plainText } from '../lib/core/reported.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { RevokeQuestion } from './arguments.ts';
import { keepersOf } from './core/gitops.ts';
import { restorationProgress, revocationProgress } from './core/revocation.ts';
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
import { type Attempt, cutNow, failedOf, setRevoked, takeBack } from './revoke/writes.ts';

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
  return report(target, await reach(target, first, question, voice), question, voice);
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
  question: RevokeQuestion,
  voice: Voice,
): Promise<Ending> {
  const end = performance.now() + question.waitSeconds * 1000;
  const said = new Set<string>();
  let standing = first;
  let asked: Asked = { isSet: false, tried: [] };
  let failed: readonly Attempt[] = [];
  for (;;) {
    // oxlint-disable no-await-in-loop -- each look comes after the previous one
    asked = await ask(target, standing, { question, asked });
    const tried = [...asked.tried, ...(await act(target.api, standing, question))];
    failed = failedOf(failed, tried);
    standing = await readStanding(target);
    const { reached, open } = question.restore
      ? restorationProgress(standing)
      : revocationProgress(standing);
    tell(voice.out, news(reached, said));
    const left = end - performance.now();
    const isOver = left <= 0 || isStopped(asked, standing);
    if (isOver || (open.length === 0 && failed.every(({ refused }) => refused === true)))
      return { first, standing, open, refused: failed.flatMap(({ problem }) => problem ?? []) };
    await delay(Math.min(EVERY_MS, left));
    // oxlint-enable no-await-in-loop
  }
}

/** Asked is what has come of the write that asks for everything else. */
interface Asked {
  /** It was written, or needed not be: what somebody else writes later is not fought over. */
  readonly isSet: boolean;
  readonly tried: readonly Attempt[];
}

async function ask(
  { api, head }: Target,
  standing: Standing,
  { question, asked }: { readonly question: RevokeQuestion; readonly asked: Asked },
): Promise<Asked> {
  const object = objectIn(standing.head) ?? head;
  if (asked.isSet || object === undefined) return { ...asked, tried: [] };
  const tried = await setRevoked(api, object, !question.restore);
  return { isSet: tried.every(({ problem }) => problem === undefined), tried };
}

/** What was refused, or belongs to an object that is gone, does not come by itself. */
function isStopped({ isSet, tried }: Asked, { head }: Standing): boolean {
  if (isSet) return false;
  const isGone = head.kind === 'Gone' || head.kind === 'Foreign';
  return isGone || tried.some(({ refused }) => refused === true);
}

function news(reached: readonly string[], said: Set<string>): readonly string[] {
  const fresh = reached.filter((fact) => !said.has(fact));
  for (const fact of fresh) said.add(fact);
  return fresh.map((fact) => `done  ${fact}`);
}

async function act(
  api: KubeApi,
  standing: Standing,
  { restore, now }: Pick<RevokeQuestion, 'restore' | 'now'>,
): Promise<readonly Attempt[]> {
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
  const { standing, open, refused } = ending;
  const reached = open.length === 0 && refused.length === 0;
  if (reached) tell(voice.out, restore ? restoredLines(ending) : revokedLines(standing, question));
  else tell(voice.error, openLines(ending, question));
  if (!restore) tell(voice.out, copiedLines(await copiedInto(target, standing)));
  return reached;
}
