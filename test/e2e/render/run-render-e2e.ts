import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BinaryName, ensureBinaries, inParallel } from '@managed-cluster/toolchain';
import { renderOptions, type RenderOptions } from './arguments.ts';
import { NEWEST, type Cli } from './cli.ts';
import { exampleSituations } from './examples.ts';
import { startFunctionProcess } from './function-process.ts';
import { checkRender, type Tools, type Verdict } from './render-check.ts';
import { report, type Row } from './report.ts';
import { checkSchemas } from './schema-check.ts';
import { caseSituations, writeFunctions, type Situation } from './situation.ts';

/**
 * Renders every case and every example, in both flavours, through Crossplane's own command line tools
 * against the built function, and prints a table and `N passed, N failed`. Needs neither a world nor
 * root, and the network only to build a tool that is not in the cache.
 *
 * Resolves with the exit code: 0, 1 when something failed, 2 when the command line is wrong.
 */
export async function runRenderE2e(args: readonly string[]): Promise<number> {
  let options: RenderOptions;
  try {
    options = renderOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-render-'));
  try {
    return await renderAll(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function renderAll(options: RenderOptions, folder: string): Promise<number> {
  const binaries = await binariesFor(options);
  const server = await startFunctionProcess();
  try {
    const tools = { binaries, folder, functions: writeFunctions(folder, server.address) };
    const rows = await rowsOf(options.clis, tools);
    const columns = options.clis.map(({ name }) => name);
    const { text, passed, failed } = report(rows, columns);
    console.log(`${text}\n\n${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
}

async function binariesFor(options: RenderOptions): Promise<Readonly<Record<string, string>>> {
  const { clis, binaries } = options;
  const names = [
    ...clis.map(({ binary }) => binary),
    ...(clis.some(({ reconciles }) => reconciles) ? (['crossplane'] as const) : []),
  ] as const satisfies readonly BinaryName[];
  return binaries === undefined
    ? ensureBinaries(names, { progress: (line) => console.log(line) })
    : Object.fromEntries(names.map((name) => [name, join(binaries, name)]));
}

async function rowsOf(clis: readonly Cli[], tools: Tools): Promise<readonly Row[]> {
  const situations = [...caseSituations(), ...(await exampleSituations())];
  const rows = await renderRows(situations, clis, tools);
  if (!clis.some(({ name }) => name === NEWEST)) return rows;
  const name = 'all of it against xrds/ and package/crds/';
  return [...rows, { name, verdicts: { [NEWEST]: await checkSchemas(situations, tools) } }];
}

async function renderRows(
  situations: readonly Situation[],
  clis: readonly Cli[],
  tools: Tools,
): Promise<readonly Row[]> {
  const jobs = situations.flatMap((situation) => clis.map((cli) => ({ situation, cli })));
  const verdicts = await inParallel(jobs, availableParallelism(), ({ situation, cli }) =>
    checkRender(cli, situation, tools),
  );
  return situations.map((situation) => ({
    name: situation.name,
    verdicts: Object.fromEntries(
      jobs.flatMap((job, index) => {
        const verdict: Verdict | undefined = verdicts[index];
        return job.situation === situation && verdict !== undefined
          ? [[job.cli.name, verdict]]
          : [];
      }),
    ),
  }));
}
