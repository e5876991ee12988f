import { parseArgs } from 'node:util';
import { CLIS, DEFAULT_CLIS, type Cli } from './cli.ts';

/** RenderOptions are what the command line of `npm run e2e:render` says. */
export interface RenderOptions {
  /** Lines of the tool to render with, oldest first. */
  readonly clis: readonly Cli[];
  /** Folder with binaries that are built already, instead of building them. */
  readonly binaries?: string;
}

const USAGE = `usage: npm run e2e:render -- [--all] [--cli <${CLIS.map(({ name }) => name).join('|')}>]… [--binaries <folder>]`;

/**
 * Reads the command line.
 *
 * @throws Error with the usage when something in it is not known
 */
export function renderOptions(args: readonly string[]): RenderOptions {
  const { all, cli, binaries } = parsed(args);
  const unknown = cli.filter((name) => !CLIS.some((known) => known.name === name));
  if (unknown.length > 0) throw new Error(`there is no CLI ${unknown.join(', ')}; ${USAGE}`);
  const wanted: readonly string[] = cli.length === 0 ? DEFAULT_CLIS : cli;
  return {
    clis: CLIS.filter(({ name }) => all || wanted.includes(name)),
    ...(binaries === undefined ? {} : { binaries }),
  };
}

function parsed(args: readonly string[]): {
  readonly all: boolean;
  readonly cli: readonly string[];
  readonly binaries: string | undefined;
} {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        all: { type: 'boolean', default: false },
        cli: { type: 'string', multiple: true, default: [] },
        binaries: { type: 'string' },
      },
    });
    return { ...values, binaries: values.binaries };
  } catch (cause) {
    throw new Error(USAGE, { cause });
  }
}
