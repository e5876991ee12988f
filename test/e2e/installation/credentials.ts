import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COPY_TO_ANNOTATION, USABLE_BY_ANNOTATION } from '../../../lib/apis/opt-in.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { eventually, makeNamespace } from '../world.ts';
import { management, workload } from './site-clients.ts';
import { CLUSTER, INSTALLATION, NAMESPACE } from './standalone.ts';
import { partsReady } from './installs.ts';

const IDENTITY = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'AWSClusterStaticIdentity',
};
const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name: 'awsclusterstaticidentities.infrastructure.cluster.x-k8s.io',
};
const CONTROLLER = 'capa-system';
const SECRET = { apiVersion: 'v1', kind: 'Secret' };

/** The identities that a claim names are copied, and nothing else. */
export function credentials(): void {
  describe('credentials', () => {
    beforeAll(async () => {
      await makeNamespace(management, CONTROLLER);
      for (const name of ['wide', 'narrow']) {
        // oxlint-disable-next-line no-await-in-loop -- two of them
        await management.create(secret(CONTROLLER, `${name}-keys`));
        // oxlint-disable-next-line no-await-in-loop -- two of them
        await management.create({
          ...IDENTITY,
          metadata: { name, annotations: { [COPY_TO_ANNOTATION]: NAMESPACE } },
          spec: { secretRef: `${name}-keys`, allowedNamespaces: {} },
        });
      }
      await management.create(secret(NAMESPACE, 'vcenter', { [USABLE_BY_ANNOTATION]: CLUSTER }));
      await management.create(secret(NAMESPACE, 'theirs'));
    });

    afterAll(async () => {
      await management.patch(INSTALLATION, { spec: { cloud: cloud('docker') } });
    });

    it('waits for kinds that the provider does not serve yet', async () => {
      const identityRef = { kind: IDENTITY.kind, name: 'wide' };
      const workloadIdentityRef = { kind: IDENTITY.kind, name: 'narrow' };
      await management.patch(INSTALLATION, {
        spec: { cloud: cloud('aws', { identityRef, workloadIdentityRef }) },
      });
      const waiting = await eventually(management, INSTALLATION, 'to wait', (object) => {
        return JSON.stringify(object['status']).includes('WaitingForIdentityKinds');
      });
      expect(partsReady(waiting, 'Credentials')).toBe(false);
    });

    it('copies the narrower identity under the name of the other, with its Secret only', async () => {
      const crd = await management.get(CRD);
      const { name } = CRD;
      await workload.create({ ...CRD, metadata: { name }, spec: crd?.['spec'] });
      await eventually(management, INSTALLATION, 'to have credentials', (object) => {
        return partsReady(object, 'Credentials');
      });
      const { items } = await workload.list(IDENTITY);
      expect(items).toMatchObject([
        { metadata: { name: 'wide' }, spec: { secretRef: 'narrow-keys' } },
      ]);
      const secrets = await workload.list({ ...SECRET, namespace: CONTROLLER });
      expect(secrets.items.map(({ metadata }) => metadata.name)).toEqual(['narrow-keys']);
      expect(recordIn(secrets.items[0], 'data')).toEqual({ key: 'c2VjcmV0' });
    });

    it('follows a change of the credential', async () => {
      await management.patch(INSTALLATION, {
        spec: { cloud: cloud('vsphere', { identityRef: { name: 'vcenter' } }) },
      });
      const ref = { ...SECRET, namespace: NAMESPACE, name: 'vcenter' };
      await eventually(workload, ref, 'to be copied');
      await management.patch(ref, { data: { key: 'bmV3' } });
      const after = await eventually(workload, ref, 'to follow', (object) => {
        return recordIn(object, 'data')?.['key'] === 'bmV3';
      });
      expect(after.metadata.ownerReferences).toBeUndefined();
    });

    it('copies nothing that its owner has not allowed, and says what to run', async () => {
      await management.patch(INSTALLATION, {
        spec: { cloud: cloud('vsphere', { identityRef: { name: 'theirs' } }) },
      });
      const refused = await eventually(management, INSTALLATION, 'to say so', (object) => {
        return JSON.stringify(object['status']).includes('SecretNotAllowed');
      });
      expect(JSON.stringify(refused['status'])).toContain(
        `kubectl -n ${NAMESPACE} annotate secret theirs ${USABLE_BY_ANNOTATION}='${CLUSTER}' --overwrite`,
      );
      const ref = { ...SECRET, namespace: NAMESPACE, name: 'theirs' };
      expect(await workload.get(ref)).toBeUndefined();
      await management.patch(ref, {
        metadata: { annotations: { [USABLE_BY_ANNOTATION]: CLUSTER } },
      });
      const copied = await eventually(workload, ref, 'to be copied');
      expect(copied.kind).toBe('Secret');
    });

    it('says which one is missing', async () => {
      await management.patch(INSTALLATION, {
        spec: { cloud: cloud('vsphere', { identityRef: { name: 'nowhere' } }) },
      });
      const missing = await eventually(management, INSTALLATION, 'to say so', (object) => {
        return JSON.stringify(object['status']).includes('CredentialMissing');
      });
      expect(JSON.stringify(missing['status'])).toContain(
        `Secret ${NAMESPACE}/nowhere does not exist`,
      );
    });
  });
}

/** As a merge patch: what is not named goes. */
function cloud(
  provider: string,
  refs: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { provider, identityRef: null, workloadIdentityRef: null, ...refs };
}

function secret(
  namespace: string,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject {
  const metadata = { namespace, name, annotations };
  return { ...SECRET, metadata, type: 'Opaque', data: { key: 'c2VjcmV0' } };
}
