import { parseArgs } from 'node:util';

/** PackagesOptions are the options of `npm run packages`. */
export interface PackagesOptions {
  /** Output folder for the packages and the chart. */
  readonly out: string;
  /** Folder with `function.tar` and `provider.tar` in the format of `docker save`; absent: packages without a program. */
  readonly images: string | undefined;
  /** Version of the product without a v. */
  readonly version: string;
}

const USAGE =
  'usage: npm run packages -- [--out <folder>] (--images <folder> | --without-runtime) [--version <version>]';

/** As in https://semver.org, which package dependencies require. */
const VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

/**
 * Reads the command line.
 *
 * @throws Error with the usage when the arguments are unknown or contradictory
 */
export function packagesOptions(args: readonly string[], productVersion: string): PackagesOptions {
  const { out, images, version = productVersion, 'without-runtime': without } = parsed(args);
  const bare = version.replace(/^v/, '');
  if (!VERSION.test(bare)) throw new Error(`${version} is not a version such as 0.1.0; ${USAGE}`);
  if (without === (images !== undefined)) {
    const mistake = without
      ? '--images and --without-runtime contradict each other'
      : 'the packages of function and provider need the images of their programs: set --images, or --without-runtime to build without them';
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
