import { parseArgs } from 'node:util';
import { CLAIM_GROUP, GROUP } from '../lib/apis/kinds.ts';
import type { Subject } from './core/snapshot.ts';

/** Output is how the answer is written. */
export type Output = 'text' | 'json' | 'yaml';

/** Wanted is the ManagedCluster that is asked about; without a flavour both kinds are looked for. */
export interface Wanted {
  readonly name: string;
  readonly flavour?: Subject['flavour'];
}

/** Question is a command line that makes sense. */
export interface Question {
  readonly command: 'status' | 'explain';
  readonly wanted: Wanted;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly output: Output;
  /** False where colours were asked not to be. */
  readonly colour: boolean;
  /** Exit with 1 when the cluster is not operational, or in danger. */
  readonly exitCode: boolean;
}

/** UsageError is a command line that makes no sense; its message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const COMMANDS = ['status', 'explain'] as const;

const FLAVOURS: Readonly<Record<string, Subject['flavour'] | undefined>> = {
  mc: undefined,
  managedcluster: 'claim',
  managedclusters: 'claim',
  namespacedmanagedcluster: 'composite',
  namespacedmanagedclusters: 'composite',
  [`managedclusters.${CLAIM_GROUP}`]: 'claim',
  [`managedcluster.${CLAIM_GROUP}`]: 'claim',
  [`namespacedmanagedclusters.${GROUP}`]: 'composite',
  [`namespacedmanagedcluster.${GROUP}`]: 'composite',
};

/** parseArguments reads a command line; `help` when that was asked for. Fails with UsageError. */
export function parseArguments(args: readonly string[]): Question | 'help' {
  const { values, positionals } = read(args);
  const [command, ...names] = positionals;
  if (values.help === true || command === 'help') return 'help';
  if (!isCommand(command)) {
    const found = command === undefined ? 'no command' : `unknown command ${command}`;
    throw new UsageError(`${found}: write one of ${COMMANDS.join(', ')}`);
  }
  return {
    command,
    wanted: wantedIn(command, names),
    ...optional('namespace', values.namespace),
    ...optional('kubeconfig', values.kubeconfig),
    ...optional('context', values.context),
    output: outputOf(values.output ?? 'text'),
    colour: values['no-color'] !== true,
    exitCode: values['exit-code'] === true,
  };
}

function read(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- parseArgs infers it from the options
function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      namespace: { type: 'string', short: 'n' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      output: { type: 'string', short: 'o' },
      'no-color': { type: 'boolean' },
      'exit-code': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function isCommand(command: string | undefined): command is Question['command'] {
  return COMMANDS.some((one) => one === command);
}

function outputOf(output: string): Output {
  if (output === 'text' || output === 'json' || output === 'yaml') return output;
  throw new UsageError(`unknown output ${output}: write one of text, json, yaml`);
}

/** `TYPE/NAME` and `TYPE NAME` are both what kubectl takes. */
function wantedIn(command: string, names: readonly string[]): Wanted {
  const [first = '', second, ...more] = names;
  const [type, name] = second === undefined ? split(first) : [first, second];
  if (more.length > 0 || name === '') {
    throw new UsageError(`write the name of one ManagedCluster: ${command} NAME`);
  }
  if (type === undefined) return { name };
  const known = Object.keys(FLAVOURS);
  if (!known.includes(type.toLowerCase())) {
    throw new UsageError(
      `${type} is no ManagedCluster: write NAME, managedcluster/NAME (a claim) or namespacedmanagedcluster/NAME (a namespaced composite)`,
    );
  }
  return { name, ...optional('flavour', FLAVOURS[type.toLowerCase()]) };
}

function split(text: string): readonly [string | undefined, string] {
  const slash = text.indexOf('/');
  return slash < 0 ? [undefined, text] : [text.slice(0, slash), text.slice(slash + 1)];
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key widens to string
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

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
