import { parseArgs } from 'node:util';
import { CLAIM_GROUP, GROUP } from '../lib/apis/kinds.ts';
import { isLabel } from '../lib/core/names.ts';
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

/** AdoptQuestion is a valid command line of `adopt`; the flags of the management side are for the printed commands. */
export interface AdoptQuestion {
  readonly command: 'adopt';
  readonly subject: Subject;
  /** File with the kubeconfig of the cluster. */
  readonly clusterKubeconfig: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** RevokeQuestion is a valid command line of `revoke`. */
export interface RevokeQuestion {
  readonly command: 'revoke';
  readonly wanted: Wanted;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Undo a revocation. */
  readonly restore: boolean;
  /** Delete the identity with the caller's permissions, without Crossplane and provider. */
  readonly now: boolean;
  readonly waitSeconds: number;
}

/** UsageError is an invalid command line; its message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SHOWING = ['help', 'namespace', 'kubeconfig', 'context', 'no-color', 'output', 'exit-code'];

/** The flags of each command. */
const COMMANDS = {
  status: SHOWING,
  explain: SHOWING,
  adopt: [
    'help',
    'namespace',
    'kubeconfig',
    'context',
    'no-color',
    'cluster-kubeconfig',
    'flavour',
  ],
  revoke: ['help', 'namespace', 'kubeconfig', 'context', 'no-color', 'restore', 'now', 'wait'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

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
export function parseArguments(
  args: readonly string[],
): Question | AdoptQuestion | RevokeQuestion | 'help' {
  const { values, positionals } = read(args);
  const [command, ...names] = positionals;
  if (values.help === true || command === 'help') return 'help';
  if (!isCommand(command)) {
    const found = command === undefined ? 'no command' : `unknown command ${command}`;
    throw new UsageError(`${found}: use one of ${Object.keys(COMMANDS).join(', ')}`);
  }
  const own: readonly string[] = COMMANDS[command];
  const foreign = Object.keys(values).find((flag) => !own.includes(flag));
  if (foreign !== undefined) throw new UsageError(`${command} has no flag --${foreign}`);
  const management = {
    ...optional('kubeconfig', values.kubeconfig),
    ...optional('context', values.context),
  };
  if (command === 'adopt') return { command, ...adoptionIn(values, names), ...management };
  const wanted = {
    wanted: wantedIn(command, names),
    ...optional('namespace', values.namespace),
    ...management,
  };
  if (command === 'revoke') return { command, ...wanted, ...revocationIn(values) };
  return {
    command,
    ...wanted,
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
      'cluster-kubeconfig': { type: 'string' },
      flavour: { type: 'string' },
      restore: { type: 'boolean' },
      now: { type: 'boolean' },
      wait: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function isCommand(command: string | undefined): command is keyof typeof COMMANDS {
  return command !== undefined && Object.hasOwn(COMMANDS, command);
}

type Values = ReturnType<typeof parse>['values'];

const ADOPT_FLAVOURS: Readonly<Record<string, Subject['flavour'] | undefined>> = {
  claim: 'claim',
  namespaced: 'composite',
};

/** Nothing is looked up on a management side, so name and namespace are those of the cluster and both are needed. */
function adoptionIn(
  { namespace = '', flavour: wanted = 'claim', 'cluster-kubeconfig': clusterKubeconfig }: Values,
  [name = '', ...more]: readonly string[],
): Pick<AdoptQuestion, 'subject' | 'clusterKubeconfig'> {
  if (more.length > 0 || !isLabel(name)) {
    throw new UsageError('specify the name that the Cluster has in the cluster: adopt NAME');
  }
  if (!isLabel(namespace)) {
    throw new UsageError('specify the namespace of the Cluster in the cluster: -n NAMESPACE');
  }
  if (clusterKubeconfig === undefined || clusterKubeconfig === '') {
    throw new UsageError('specify the kubeconfig of the cluster: --cluster-kubeconfig FILE');
  }
  const flavour = ADOPT_FLAVOURS[wanted];
  if (flavour === undefined) {
    const known = Object.keys(ADOPT_FLAVOURS).join(', ');
    throw new UsageError(`unknown flavour ${wanted}: use one of ${known}`);
  }
  return { subject: { flavour, namespace, name }, clusterKubeconfig };
}

/** A new token has to reach the agent, which takes longer than the removal of its identity. */
const WAIT_SECONDS = { revoke: 30, restore: 120 };

const LONGEST_WAIT_SECONDS = 3600;

function revocationIn({
  restore = false,
  now = false,
  wait = String(restore ? WAIT_SECONDS.restore : WAIT_SECONDS.revoke),
}: Values): Pick<RevokeQuestion, 'restore' | 'now' | 'waitSeconds'> {
  if (restore && now) {
    throw new UsageError('--now deletes the identity of the agent: use it without --restore');
  }
  const waitSeconds = /^\d{1,4}$/.test(wait) ? Number(wait) : Number.POSITIVE_INFINITY;
  if (waitSeconds > LONGEST_WAIT_SECONDS) {
    throw new UsageError(`--wait is a number of seconds from 0 to ${LONGEST_WAIT_SECONDS}`);
  }
  return { restore, now, waitSeconds };
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
