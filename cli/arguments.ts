import { parseArgs } from 'node:util';
import { CLAIM_GROUP, GROUP } from '../lib/apis/kinds.ts';
import type { Subject } from './core/snapshot.ts';

/** Output is the format of the output. */
export type Output = 'text' | 'json' | 'yaml';

/** Wanted is the requested ManagedCluster; without a flavour both kinds are looked up. */
export interface Wanted {
  readonly name: string;
  readonly flavour?: Subject['flavour'];
}

/** Question is a valid command line. */
export interface Question {
  readonly command: 'status' | 'explain';
  readonly wanted: Wanted;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly output: Output;
  /** False with `--no-color`. */
  readonly colour: boolean;
  /** Exit with 1 when the cluster is not operational or has a finding of severity danger. */
  readonly exitCode: boolean;
}

/** UsageError is an invalid command line; its message says what to write instead. */
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

/** parseArguments parses a command line; `help` when help is requested. Fails with UsageError. */
export function parseArguments(args: readonly string[]): Question | 'help' {
  const { values, positionals } = read(args);
  const [command, ...names] = positionals;
  if (values.help === true || command === 'help') return 'help';
  if (!isCommand(command)) {
    const found = command === undefined ? 'no command' : `unknown command ${command}`;
    throw new UsageError(`${found}: use one of ${COMMANDS.join(', ')}`);
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
  throw new UsageError(`unknown output format ${output}: use one of text, json, yaml`);
}

/** As in kubectl, both `TYPE/NAME` and `TYPE NAME` are accepted. */
function wantedIn(command: string, names: readonly string[]): Wanted {
  const [first = '', second, ...more] = names;
  const [type, name] = second === undefined ? split(first) : [first, second];
  if (more.length > 0 || name === '') {
    throw new UsageError(`specify the name of one ManagedCluster: ${command} NAME`);
  }
  if (type === undefined) return { name };
  const known = Object.keys(FLAVOURS);
  if (!known.includes(type.toLowerCase())) {
    throw new UsageError(
      `unknown type ${type}: use NAME, managedcluster/NAME (a claim) or namespacedmanagedcluster/NAME (a namespaced composite)`,
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

/** USAGE is the output of `--help`. */
export const USAGE = `Show the state of a ManagedCluster, and why it does not progress. Read-only.

  kubectl managedcluster status NAME     show the tree of objects with their owners, on both sides
  kubectl managedcluster explain NAME    show what it waits for, since when, why, and what to do

NAME is the name of a claim or of a namespaced composite. If both exist with this name, use
managedcluster/NAME for the claim or namespacedmanagedcluster/NAME for the namespaced composite.

Flags:
  -n, --namespace NAMESPACE   namespace of the ManagedCluster (default: namespace of the context)
      --context CONTEXT       context of the kubeconfig to use
      --kubeconfig FILE       kubeconfig to use (default: KUBECONFIG, may be a list; ~/.kube/config)
  -o, --output FORMAT         output format: text (default), json or yaml
      --exit-code             exit with 1 when the cluster is not operational or in danger
      --no-color              disable colors; also disabled by NO_COLOR or without a terminal
  -h, --help                  show this help

Exit codes: 0 success; 1 with --exit-code: not operational or in danger; 2 invalid usage; 3 no
result (not found, no access, unreachable).
`;
