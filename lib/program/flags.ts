import { parseArgs } from 'node:util';
import { TerminalError } from '../errors.ts';

/** Flag is one command line flag. */
export interface Flag {
  /** Name of the value; absent if the flag takes none. */
  readonly value?: string;
  readonly preset?: string;
  /** One-letter form. */
  readonly short?: string;
  readonly text: string;
}

/** Flags is the table of all flags of a program, used by the parser and for the help text. */
export type Flags = Readonly<Record<string, Flag>>;

/** CommandLine is a parsed command line with its mistakes. */
export interface CommandLine<Name extends string> {
  /** The mistakes so far, one message each. */
  readonly mistakes: readonly string[];
  /** Whether the flag is given; the last occurrence wins. */
  has(name: Name): boolean;
  /** The given value, else the preset. */
  text(name: Name): string | undefined;
  /** The value as a whole number in an inclusive range; anything else is a mistake. */
  wholeNumber(name: Name, range: readonly [number, number]): number;
  /** Adds a mistake. */
  mistake(sentence: string): void;
  /** @throws TerminalError with all mistakes, one per line, if there are any. */
  check(): void;
}

/** COMMON_FLAGS are the flags of every program. */
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

/** Whether help is requested, whatever else the command line contains. */
export function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/** Parses the command line, without node and script. */
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

/** Not strict, because strict mode stops at the first mistake. */
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
  // A flag in place of a value means that the value is missing.
  const forgotten = !value || (inlineValue === false && value.startsWith('-'));
  return forgotten ? `${rawName} needs a value: <${flag.value}>` : undefined;
}
