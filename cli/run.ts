import { plainText } from '../lib/core/reported.ts';
import { messageOf } from '../lib/errors.ts';
import { adoptionManifest } from './adopt.ts';
import { parseArguments, UsageError, type Question } from './arguments.ts';
import { findCluster, kubectlFor } from './kubeconfig.ts';
import { answerOf, isFine } from './answer.ts';
import { observe } from './observe/observe.ts';
import { USAGE } from './usage.ts';

/** Console is the output of a program, and whether it is a terminal. */
export interface Console {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly terminal: boolean;
}

/** Exit codes, as documented in USAGE. */
const ANSWERED = 0;
const NOT_FINE = 1;
const WRONG_USAGE = 2;
const NO_ANSWER = 3;

/** Timeout of one request to the cluster of the user's own kubeconfig. */
const PATIENCE_MS = 15_000;

/** run executes a command line and returns its exit code. */
export async function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  console: Console,
): Promise<number> {
  try {
    const question = parseArguments(args);
    if (question === 'help') {
      console.out(USAGE);
      return ANSWERED;
    }
    if (question.command === 'adopt') {
      console.out(await adoptionManifest(question, environment, PATIENCE_MS));
      return ANSWERED;
    }
    if (question.command === 'revoke') {
      const found = await findCluster(question, environment, PATIENCE_MS);
      const place = { ...found, kubectl: kubectlFor(question) };
      // It needs all clouds, which nothing else here loads.
      const { revoke } = await import('./revoke.ts');
      return (await revoke(question, place, console)) ? ANSWERED : NOT_FINE;
    }
    return await ask(question, environment, console);
  } catch (error) {
    const usage = error instanceof UsageError;
    const hint = usage ? '\nSee kubectl managedcluster --help' : '';
    const message = usage ? messageOf(error) : plainText(messageOf(error));
    console.error(`error: ${message}${hint}\n`);
    return usage ? WRONG_USAGE : NO_ANSWER;
  }
}

async function ask(
  question: Question,
  environment: NodeJS.ProcessEnv,
  console: Console,
): Promise<number> {
  const { api, namespace } = await findCluster(question, environment, PATIENCE_MS);
  const snapshot = await observe(
    { api, namespace, kubectl: kubectlFor(question), now: () => new Date() },
    question.wanted,
  );
  console.out(await answerOf(question, snapshot, colours(question, environment, console)));
  return question.exitCode && !isFine(snapshot) ? NOT_FINE : ANSWERED;
}

/** https://no-color.org: any value but the empty one disables colors. */
function colours(
  { colour }: Question,
  { NO_COLOR = '', TERM }: NodeJS.ProcessEnv,
  { terminal }: Console,
): boolean {
  return colour && terminal && NO_COLOR === '' && TERM !== 'dumb';
}
