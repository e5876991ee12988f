import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';

/** Docker runs the Docker CLI against one engine, and returns its output. */
export interface Docker {
  /** Its error has the end of the output. */
  (args: readonly string[], input?: DockerInput): Promise<string>;
  /** For other clients of the same engine. */
  readonly host: string;
}

/** DockerInput is what a command reads. */
export interface DockerInput {
  /** File on its standard input. */
  readonly file: string;
}

/** Lines of a failed command that go into the error. */
const LINES = 15;

/**
 * dockerAt is the command line for an engine, such as `unix:///run/docker.sock`; `folder` keeps its
 * settings. A command that takes longer than the timeout fails.
 */
export function dockerAt(host: string, folder: string, timeoutMs?: number): Docker {
  const { PATH = '', HOME = '/' } = process.env;
  // The classic builder is part of the engine; BuildKit would be one more program.
  const env = { PATH, HOME, DOCKER_HOST: host, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '0' };
  function docker(args: readonly string[], input?: DockerInput): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        'docker',
        args,
        { env, maxBuffer: 64 * 1024 * 1024, timeout: timeoutMs },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout.trimEnd());
          else
            reject(
              new Error(`docker ${args[0]}: ${tailOf(`${stdout}${stderr}`) || error.message}`),
            );
        },
      );
      if (child.stdin === null) return;
      // A failed command stops reading; its exit code has the result.
      child.stdin.on('error', () => undefined);
      if (input === undefined) child.stdin.end();
      else createReadStream(input.file).pipe(child.stdin);
    });
  }
  return Object.assign(docker, { host });
}

function tailOf(text: string): string {
  return text.trimEnd().split('\n').slice(-LINES).join('\n');
}
