import { runRenderE2e } from './run-render-e2e.ts';

/* The entry behind `npm run e2e:render`; it needs no world. */
process.exit(await runRenderE2e(process.argv.slice(2)));
