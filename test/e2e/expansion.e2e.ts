import { beforeAll, describe, expect, it } from '@jest/globals';
import { clouds } from '../../capi/clouds/index.ts';
import { firstControlPlane } from '../../capi/expansion.ts';
import { aCluster, aFullCluster, everyObject } from '../../capi/testing/clusters.ts';
import type { CloudName } from '../../capi/testing/claims.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { sites } from './api/sites.ts';
import { makeNamespace } from './world.ts';

const { management: api } = sites();
const names = Object.keys(clouds) as readonly CloudName[];

/** Empty, so that nothing has the names that are tried. */
const namespace = 'e2e-expansion';

beforeAll(async () => {
  await makeNamespace(api, namespace);
});

/** A dry run that refuses what the schema does not know; plurals of our kinds all end in s. */
async function dryRun(object: KubeObject): Promise<KubeObject> {
  const plural = `${object.kind.toLowerCase()}s`;
  const query = 'dryRun=All&fieldValidation=Strict';
  const path = `/apis/${object.apiVersion}/namespaces/${namespace}/${plural}?${query}`;
  return (await api.raw('POST', path, object)) as KubeObject;
}

describe.each(names)('the API server takes what is rendered for %s', (cloud) => {
  const claims = { smallest: aCluster(cloud), fullest: aFullCluster(cloud) };
  const cases = Object.entries(claims).flatMap(([claim, input]) =>
    everyObject({ ...input, namespace }).map((object) => ({
      claim,
      title: `${object.kind} ${object.metadata.name}`,
      object,
    })),
  );

  it.each(cases)('$claim claim: $title created, with all that was sent', async ({ object }) => {
    const created = await dryRun(object);

    expect(created).toMatchObject(object);
  });

  it.each(cases)('$claim claim: $title applied', async ({ object }) => {
    const options = { fieldManager: 'e2e-expansion', force: true, dryRun: true };

    await expect(api.apply(object, options)).resolves.toMatchObject({ kind: object.kind });
  });
});

describe('the strict dry run', () => {
  const { cluster, controlPlane } = firstControlPlane({ ...aCluster('docker'), namespace });

  it.each([
    {
      reason: 'a field that the schema does not know',
      object: cluster,
      field: 'unknownField',
      value: 1,
    },
    { reason: 'an empty structure', object: controlPlane, field: 'remediation', value: {} },
  ])('refuses $reason, so the cases above can fail', async ({ object, field, value }) => {
    const wrong = { ...object, spec: { ...(object['spec'] as object), [field]: value } };

    await expect(dryRun(wrong)).rejects.toThrow(new RegExp(field));
  });
});
