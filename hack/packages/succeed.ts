import { runCommand } from '@managed-cluster/toolchain';

/**
 * Runs a program with a home folder, and returns its output.
 *
 * @throws Error with its error output when it fails
 */
export async function succeed(
  program: string,
  args: readonly string[],
  folder: string,
): Promise<string> {
  const { code, output, complaint } = await runCommand(program, args, folder);
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} failed: ${complaint || output}`);
  return output;
}
