import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFunction } from '../../../function/run-function.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { SERVERS_ANNOTATION, USABLE_BY_ANNOTATION } from '../../../lib/apis/opt-in.ts';
import { NAMESPACED_MANAGED_CLUSTER, MANAGED_CLUSTER_CLAIM } from '../../../lib/apis/kinds.ts';
import { productRoot } from '../../../lib/program/product-files.ts';
import { behindClaim } from '../../render/flavour.ts';
import { readableAnswer } from '../../render/readable-answer.ts';
import { reconcile } from '../../render/reconcile.ts';
import { objectsIn, type RenderInput } from '../../render/render-case.ts';
import type { Situation } from './situation.ts';

/** A public key as a user would put it into the Secret that an example names. */
const AUTHORIZED_KEYS =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleEx admin@example.org\n';

/**
 * Every ManagedCluster under examples/, as a user renders it: a claim in the form of the composite
 * that Crossplane makes for it, with the profiles and Secrets that it names.
 *
 * @throws Error when an example is not accepted by the function: then it is no example
 */
export async function exampleSituations(): Promise<readonly Situation[]> {
  const files = yamlFiles(join(productRoot(), 'examples'));
  const objects = files.flatMap((file) => objectsIn(file).map((object) => ({ file, object })));
  const profiles = objects
    .map(({ object }) => object)
    .filter(({ kind }) => kind === 'ClusterProfile');
  return Promise.all(
    objects
      .filter(({ object }) => object.kind === NAMESPACED_MANAGED_CLUSTER.kind)
      .map(({ file, object }) => situationOf(file, object, profiles)),
  );
}

async function situationOf(
  file: string,
  object: KubeObject,
  profiles: readonly KubeObject[],
): Promise<Situation> {
  const name = file.slice(productRoot().length + 1);
  const isClaim = object.apiVersion === MANAGED_CLUSTER_CLAIM.apiVersion;
  const input: RenderInput = {
    composite: withUid(isClaim ? behindClaim(object) : object),
    observed: [],
    required: [...profiles, ...sshSecret(object), ...identityOf(object)],
  };
  const { response } = await reconcile(async (request) => runFunction(request), input);
  const answer = readableAnswer(response, input.composite);
  const accepted = answer.conditions.find(({ type }) => type === 'Accepted');
  if (accepted?.status !== 'True') {
    throw new Error(`${name} is not accepted: ${accepted?.message ?? 'no condition Accepted'}`);
  }
  return { name, input, answer };
}

/** The tools make up a uid when there is none, each another one. */
function withUid(object: KubeObject): KubeObject {
  const uid = '7c0e5a10-4d0b-4a3e-9b6a-00000000ffff';
  return { ...object, metadata: { ...object.metadata, uid } };
}

function sshSecret({ metadata, ...rest }: KubeObject): readonly KubeObject[] {
  const name = recordIn(recordIn(rest['spec'], 'ssh'), 'secretRef')?.['name'];
  if (typeof name !== 'string') return [];
  const { namespace = '' } = metadata;
  const data = { authorizedKeys: Buffer.from(AUTHORIZED_KEYS).toString('base64') };
  const annotations = { [USABLE_BY_ANNOTATION]: metadata.name ?? '' };
  return [{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, annotations }, data }];
}

/** The identity as the comment of the example says that it must be. */
function identityOf({ metadata, ...rest }: KubeObject): readonly KubeObject[] {
  const cloud = recordIn(rest['spec'], 'cloud');
  const { kind, name } = recordIn(cloud, 'identityRef') ?? {};
  const server = recordIn(cloud, 'vsphere')?.['server'];
  if (kind !== 'Secret' || typeof name !== 'string') return [];
  const { namespace = '' } = metadata;
  const annotations = {
    [USABLE_BY_ANNOTATION]: metadata.name ?? '',
    ...(typeof server === 'string' ? { [SERVERS_ANNOTATION]: server } : {}),
  };
  return [{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, annotations } }];
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => join(folder, file));
}
