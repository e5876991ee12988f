import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** glibc before 2.34 loads these for name resolution, so `ldd` does not list them. */
const NAME_SERVICE = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

/** The messages of ldd of glibc and of musl for a program without libraries. */
const STATIC = /not a dynamic executable|not a valid dynamic program|statically linked/i;

/**
 * Paths of all libraries of a program including its loader; none for a statically linked program. The
 * program is not run. Fails when a library is missing on this machine.
 */
export async function sharedLibraries(program: string): Promise<readonly string[]> {
  const paths = librariesIn(await ldd(program));
  const libc = paths.find((path) => path.endsWith('/libc.so.6'));
  if (libc === undefined) return paths;
  const more = NAME_SERVICE.map((name) => join(dirname(libc), name)).filter((it) => existsSync(it));
  return [...new Set([...paths, ...more])];
}

/** The paths that `ldd` prints. */
export function librariesIn(output: string): readonly string[] {
  const missing = /^\s*(\S+) => not found/m.exec(output)?.[1];
  if (missing !== undefined) throw new Error(`${missing} does not exist on this machine`);
  const paths = output.matchAll(/^\s*(?:\S+ => )?(\/\S+)(?= \(0x)/gm);
  return [...new Set(Array.from(paths, ([, path = '']) => path))];
}

async function ldd(program: string): Promise<string> {
  try {
    // The messages are matched in English.
    const { stdout } = await promisify(execFile)('ldd', [program], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    return stdout;
  } catch (cause) {
    if (STATIC.test(String(cause))) return '';
    throw new Error(`cannot determine the libraries of ${program}`, { cause });
  }
}
