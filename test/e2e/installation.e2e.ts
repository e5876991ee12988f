import { afterAll, beforeAll } from '@jest/globals';
import { attacks } from './installation/attacks.ts';
import { credentials } from './installation/credentials.ts';
import { drift } from './installation/drift.ts';
import { ends } from './installation/ends.ts';
import { installs } from './installation/installs.ts';
import { management } from './installation/site-clients.ts';
import { neighbours } from './installation/neighbours.ts';
import { rotation } from './installation/rotation.ts';
import { givenCluster, type Run, runInstaller } from './installation/standalone.ts';
import { upgrades } from './installation/upgrades.ts';
import { control } from './world.ts';

/*
 * One cluster without a ManagedCluster, installed by a controller that runs in this process and looks
 * for drift every three seconds; the provider of the stage is away meanwhile. The parts build on one
 * another, because an installation takes ten seconds.
 */
let run: Run | undefined;

function theRun(): Run {
  if (run === undefined) throw new Error('the controller does not run');
  return run;
}

beforeAll(async () => {
  await control('provider', 'stop');
  await givenCluster(management);
  run = runInstaller(management, 3000);
});

afterAll(async () => {
  await run?.stop();
  await control('provider', 'start');
});

installs(theRun);
attacks();
neighbours();
drift();
upgrades();
rotation(theRun);
credentials();
ends();
