import { parseArgs } from 'node:util';

/** PackagesOptions are what the command line of `npm run packages` says. */
export interface PackagesOptions {
  /** Folder that the packages and the chart are written to. */
  readonly out: string;
  /** Folder with `function.tar` and `provider.tar` as of `docker save`; absent: packages without a program. */
  readonly images: string | undefined;
  /** Version of the product without a v. */
  readonly version: string;
}

const USAGE =
  'usage: npm run packages -- [--out <folder>] (--images <folder> | --without-runtime) [--version <version>]';

/** As in https://semver.org; packages depend on each other by such versions only. */
const VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

/**
 * Reads the command line.
 *
 * @throws Error with the usage when something in it is not known or contradicts itself
 */
export function packagesOptions(args: readonly string[], productVersion: string): PackagesOptions {
  const { out, images, version = productVersion, 'without-runtime': without } = parsed(args);
  const bare = version.replace(/^v/, '');
  if (!VERSION.test(bare)) throw new Error(`${version} is not a version such as 0.1.0; ${USAGE}`);
  if (without === (images !== undefined)) {
    const mistake = without
      ? '--images and --without-runtime contradict each other'
      : 'a package of a function or a provider needs the image of its program: give --images, or --without-runtime to look at the rest';
    throw new Error(`${mistake}; ${USAGE}`);
  }
  return { out, images, version: bare };
}

function parsed(args: readonly string[]): {
  readonly out: string;
  readonly images?: string | undefined;
  readonly version?: string | undefined;
  readonly 'without-runtime': boolean;
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        out: { type: 'string', default: 'dist/packages' },
        images: { type: 'string' },
        version: { type: 'string' },
        'without-runtime': { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}; ${USAGE}`, {
      cause,
    });
  }
}
