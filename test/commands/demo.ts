import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { WORLD_BINARIES } from '@managed-cluster/toolchain';
import {
  accessTo,
  applyObjects,
  binary,
  type Command,
  type CommandContext,
  deleteClaim,
  follow,
  timelineLine,
  grantAccess,
  kubectlFromOutside,
  leftovers,
  machinesInside,
  reported,
  scaleClaim,
  scaleInside,
  type Site,
  type Stage,
  startStage,
  TEARDOWN_REPORT,
  type Theatre,
  unmanagedMilliseconds,
  untilOperational,
} from '@managed-cluster/testbed';
import { MANAGED_CLUSTER_CLAIM } from '../../lib/apis/kinds.ts';
import { progressLine } from './e2e.ts';

const NAME = { namespace: 'default', name: 'demo' } as const;
const DELETE = '--delete';

/** The whole order of operations for one claim. */
export const demo: Command = {
  summary: `apply examples/dev/claim.yaml and watch it become a cluster that manages itself (${DELETE}: and the way back; --keep: stay running to play with; --real: with real kubeadm nodes, as root)`,
  binaries: WORLD_BINARIES,
  run: runDemo,
};

/** Play is a demo that runs. */
interface Play extends Theatre {
  readonly stage: Stage;
  /** Seconds since the claim was applied. */
  readonly seconds: () => number;
}

async function runDemo({ args, keep, environment, signal }: CommandContext): Promise<number> {
  console.log('A world of pretend machines: real etcd, kube-apiserver, Crossplane, Cluster API.\n');
  const stage = await startStage(environment, { onEvent: progressLine, signal });
  const { management, workload } = stage.sites;
  await grantAccess(management.api, { ...NAME, name: 'demo-api' }, await accessTo(workload));
  const begin = performance.now();
  const play: Play = {
    stage,
    management: management.api,
    workload: workload.api,
    claim: { ...MANAGED_CLUSTER_CLAIM, ...NAME },
    seconds: () => (performance.now() - begin) / 1000,
  };
  const abort = new AbortController();
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const ended = follow({
    management: play.management,
    workload: play.workload,
    namespace: NAME.namespace,
    tell: (line) => console.log(timelineLine(play.seconds(), line, colours)),
    signal: abort.signal,
  });
  await toOperational(play);
  await alone(play);
  const clean = !args.includes(DELETE) || (await wayBack(play));
  if (keep) await stay(management.kubeconfig, { environment, signal });
  abort.abort();
  await ended;
  await stage.stop();
  console.log('\nThe same with real kubeadm nodes, as root: npm run demo -- --real');
  return clean ? 0 : 1;
}

async function toOperational(play: Play): Promise<void> {
  const { management, workload } = play.stage.sites;
  console.log('\nkubectl apply -f examples/dev/profile.yaml -f examples/dev/claim.yaml\n');
  await applyObjects(play.management, 'examples/dev/profile.yaml');
  await applyObjects(play.management, 'examples/dev/claim.yaml');
  await untilOperational(play);
  const total = play.seconds().toFixed(1);
  console.log('\nOn the management side:');
  await table(play, management, 'managedclusters');
  await table(play, management, 'clusterplans,agentinstallations,pivots');
  console.log('In the cluster itself:');
  await table(play, workload, 'clusters,kubeadmcontrolplanes,machinedeployments,machines');
  await table(play, workload, 'deployments,configmaps', 'team');
  const gap = await unmanagedMilliseconds(play);
  console.log(`Operational and Ready after ${total} s; nobody managed it for ${String(gap)} ms`);
}

/** A change while the management side is away, made in the cluster itself. */
async function alone(play: Play): Promise<void> {
  const { link } = play.stage;
  console.log('\nThe link to the management side is cut. Three workers instead of two:');
  console.log('outside  kubectl patch managedcluster demo …   (and there it stays for now)');
  console.log('inside   kubectl patch clusterplan demo …\n');
  await link.cut();
  await scaleClaim(play, 3);
  const begin = play.seconds();
  await scaleInside(play, 3);
  await machinesInside(play, 6);
  const took = (play.seconds() - begin).toFixed(1);
  console.log(`\nthree workers after ${took} s, without the management side`);
  await link.join();
  const joined = play.seconds();
  await reported(play, '3/3');
  const caughtUp = (play.seconds() - joined).toFixed(1);
  console.log(`the link is back: the claim tells 3/3 workers after ${caughtUp} s`);
}

/** Whether nothing was left behind. */
async function wayBack(play: Play): Promise<boolean> {
  const { management, workload } = play.stage.sites;
  console.log('\nkubectl delete managedcluster demo\n');
  const begin = play.seconds();
  await deleteClaim(play);
  const took = (play.seconds() - begin).toFixed(1);
  let total = 0;
  const except = [/^Secret\/demo-api$/, TEARDOWN_REPORT];
  const sides = [
    { name: 'm', api: management.api, traces: {} },
    { name: 'w', api: workload.api, traces: { namespace: NAME.namespace } },
  ];
  for (const { name, api, traces } of sides) {
    // oxlint-disable-next-line no-await-in-loop -- told one after the other
    const left = await leftovers(api, { cluster: NAME.name, except, ...traces });
    total += left.length;
    console.log(
      `site ${name}: ${left.length} objects left${left.map((one) => `\n  ${one}`).join('')}`,
    );
  }
  console.log(`gone after ${took} s`);
  return total === 0;
}

/** What a user sees: the real kubectl with our columns. */
async function table(
  { stage }: Play,
  site: Site,
  kinds: string,
  namespace = 'default',
): Promise<void> {
  const args = ['--kubeconfig', site.kubeconfig, 'get', '--namespace', namespace, kinds];
  const { stdout } = await promisify(execFile)(binary(stage.context, 'kubectl'), args);
  console.log(`$ kubectl get ${kinds}\n${stdout}`);
}

async function stay(
  kubeconfig: string,
  { environment, signal }: Pick<CommandContext, 'environment' | 'signal'>,
): Promise<void> {
  console.log(`\nstill running; in another terminal, as the same user:`);
  console.log(`  ${kubectlFromOutside(environment)} --kubeconfig ${kubeconfig} get mc`);
  console.log('Ctrl-C ends it');
  if (!signal.aborted) await once(signal, 'abort');
}
