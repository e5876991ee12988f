import { aborted } from '../lib/aborted.ts';
import type { Program } from '../lib/program/program.ts';
import type { Run } from './server/answer.ts';
import { FLAGS, type Options, optionsFrom } from './server/options.ts';
import { serve } from './server/serve.ts';

/** The function's server as a program: it serves until a signal, then shuts down gracefully. */
export function functionProgram(run: Run): Program<Options> {
  return {
    name: 'function-managed-cluster',
    about: 'A Crossplane composition function that expands a ManagedCluster.',
    flags: FLAGS,
    optionsFrom,
    run: async (options, { log, signal }) => {
      const server = await serve({ run, options, log });
      await aborted(signal);
      await server.stop();
    },
  };
}
