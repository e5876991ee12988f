import { parseArgs } from 'node:util';
import { TerminalError } from '../errors.ts';

/** Flag is one flag of a program. */
export interface Flag {
  /** What the value is; absent when the flag takes none. */
  readonly value?: string;
  readonly preset?: string;
  /** One letter. */
  readonly short?: string;
  readonly text: string;
}

/** Flags is the one table of a program's flags; the parser and the help text both come from it. */
export type Flags = Readonly<Record<string, Flag>>;

/** CommandLine is what was given, and what is wrong with it. */
export interface CommandLine<Name extends string> {
  /** What is wrong so far, a sentence each. */
  readonly mistakes: readonly string[];
  /** Whether the flag is given; the last one wins. */
  has(name: Name): boolean;
  /** The value that is given, else the preset. */
  text(name: Name): string | undefined;
  /** The value as a whole number in a range, both ends included; anything else is a mistake. */
  wholeNumber(name: Name, range: readonly [number, number]): number;
  /** Notes another mistake. */
  mistake(sentence: string): void;
  /** @throws TerminalError naming every mistake at once, one a line; nothing when there is none. */
  check(): void;
}

/** COMMON_FLAGS are those of every program. */
export const COMMON_FLAGS = {
  debug: { short: 'd', text: 'write debug log lines' },
  help: { short: 'h', text: 'show this help' },
} as const satisfies Flags;

/** The text of `--help`. */
export function helpText(program: string, about: string, flags: Flags): string {
  const lines = Object.entries(flags).map(([name, { value, preset, short, text }]) => {
    const flag = `${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`;
    return `  ${flag.padEnd(40)}${text}${preset ? ` (default ${preset})` : ''}`;
  });
  return [`Usage: ${program} [flags]`, '', about, '', ...lines].join('\n');
}

/** Whether help is asked for, whatever else the command line says. */
export function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/** Reads the command line, without node and script. */
export function readCommandLine<Table extends Flags>(
  flags: Table,
  argv: readonly string[],
): CommandLine<keyof Table & string> {
  const mistakes: string[] = [];
  const given = givenFlags(flags, argv, mistakes);

  function text(name: string): string | undefined {
    return given.get(name) ?? flags[name]?.preset;
  }

  return {
    mistakes,
    text,
    has: (name) => given.has(name),
    wholeNumber(name, [least, most]): number {
      const said = text(name) ?? '';
      const number = /^\d{1,6}$/.test(said) ? Number(said) : Number.NaN;
      if (number >= least && number <= most) return number;
      const unit = flags[name]?.value ?? '';
      mistakes.push(`--${name} ${said} is not a whole number of ${unit} from ${least} to ${most}`);
      return least;
    },
    mistake: (sentence) => void mistakes.push(sentence),
    check(): void {
      if (mistakes.length > 0) throw new TerminalError(mistakes.join('\n'));
    },
  };
}

/** Not strict, because strict stops at the first mistake. */
function givenFlags(
  flags: Flags,
  argv: readonly string[],
  mistakes: string[],
): ReadonlyMap<string, string> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, short }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), ...(short ? { short } : {}) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      mistakes.push(`${token.value} is not a flag; only flags are accepted`);
    }
    if (token.kind !== 'option') continue;
    const mistake = mistakeIn(flags, token);
    if (mistake) mistakes.push(mistake);
    else given.set(token.name, token.value ?? '');
  }
  return given;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function mistakeIn(
  flags: Flags,
  { name, rawName, value, inlineValue }: OptionToken,
): string | undefined {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag === undefined) return `${rawName} is not a known flag; --help lists them`;
  if (!flag.value) return value === undefined ? undefined : `${rawName} takes no value`;
  // A flag in the place of a value means that the value was forgotten.
  const forgotten = !value || (inlineValue === false && value.startsWith('-'));
  return forgotten ? `${rawName} needs a value: <${flag.value}>` : undefined;
}
