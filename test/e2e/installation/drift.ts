import { describe, expect, it } from '@jest/globals';
import {
  AGENT_NAMESPACE,
  agentIdentity,
  AGENTS_NAMESPACE,
  BOOTSTRAP_KEYS,
  BOOTSTRAP_SECRET,
} from '../../../lib/apis/agent.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../../lib/kube/api.ts';
import { eventually } from '../world.ts';
import { management, workload } from './site-clients.ts';
import { CLUSTER, NAMESPACE, PLAN, SECRET_OF_PLAN } from './standalone.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const MANAGER: ObjectRef = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'capi-kubeadm-bootstrap-system',
  name: 'capi-kubeadm-bootstrap-controller-manager',
};
const BOOTSTRAP: ObjectRef = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: AGENT_NAMESPACE,
  name: BOOTSTRAP_SECRET,
};
const ROLE: ObjectRef = {
  apiVersion: RBAC,
  kind: 'Role',
  namespace: NAMESPACE,
  name: agentIdentity({ namespace: NAMESPACE, name: CLUSTER }),
};

interface Change {
  readonly reason: string;
  readonly api: KubeApi;
  readonly ref: ObjectRef;
  readonly patch: unknown;
}

const CHANGES: readonly Change[] = [
  {
    reason: 'the rules of a provider',
    api: workload,
    ref: { apiVersion: RBAC, kind: 'ClusterRole', name: 'capi-manager-role' },
    patch: { rules: [] },
  },
  {
    reason: 'the trust of a webhook',
    api: workload,
    ref: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      name: 'capd-validating-webhook-configuration',
    },
    patch: { webhooks: [] },
  },
  {
    reason: 'an argument of a provider',
    api: workload,
    ref: MANAGER,
    patch: [{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--v=9' }],
  },
  {
    reason: 'the rules of the agent in the cluster',
    api: workload,
    ref: { apiVersion: RBAC, kind: 'ClusterRole', name: 'managed-cluster-agent' },
    patch: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  },
  {
    reason: 'the rules of the agent on the management side',
    api: management,
    ref: ROLE,
    patch: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  },
  {
    reason: 'a policy of the workload side',
    api: workload,
    ref: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      name: 'guard.managedcluster.io',
    },
    patch: { spec: { validationActions: ['Audit'] } },
  },
];

/** What somebody changes or deletes comes back. */
export function drift(): void {
  describe('drift', () => {
    it.each(CHANGES)('puts back $reason', async ({ api, ref, patch }) => {
      const before = contentOf(await api.get(ref));
      const changed = await api.patch(ref, patch);
      expect(contentOf(changed)).not.toEqual(before);
      const begin = performance.now();
      const after = await eventually(
        api,
        ref,
        'to be put back',
        (object) => JSON.stringify(contentOf(object)) === JSON.stringify(before),
      );
      console.log(`put back after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      expect(contentOf(after)).toEqual(before);
    });

    it('puts back a Deployment that was deleted', async () => {
      const before = await workload.get(MANAGER);
      await workload.delete(MANAGER);
      const begin = performance.now();
      const after = await eventually(workload, MANAGER, 'to be back', ({ metadata }) => {
        return metadata.uid !== before?.metadata.uid;
      });
      console.log(`back after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      expect(containersOf(after)).toEqual(containersOf(before));
    });

    it('lets the agent read exactly the Secrets that its plan names', async () => {
      const layers = Object((await management.get(PLAN))?.['spec']).layers;
      await management.patch(PLAN, { spec: { layers: [] } });
      await eventually(management, ROLE, 'to name no Secret', (role) => !secretsIn(role));
      await management.patch(PLAN, { spec: { layers } });
      const role = await eventually(management, ROLE, 'to name the Secret', secretsIn);
      expect(role['rules']).toContainEqual({
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: [SECRET_OF_PLAN],
        verbs: ['get'],
      });
    });
  });

  describe('the token in the cluster', () => {
    it('is issued anew when it is gone', async () => {
      await workload.patch(BOOTSTRAP, { data: { [BOOTSTRAP_KEYS.token]: null } });
      const after = await eventually(workload, BOOTSTRAP, 'to have a token', hasToken);
      expect(hasToken(after)).toBe(true);
    });

    it('is left alone when the agent has renewed it', async () => {
      const identity = agentIdentity({ namespace: NAMESPACE, name: CLUSTER });
      const path = `/api/v1/namespaces/${AGENTS_NAMESPACE}/serviceaccounts/${identity}/token`;
      const answer = await management.raw('POST', path, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 3600 },
      });
      const token = Buffer.from(String(Object(answer).status.token)).toString('base64');
      await workload.patch(BOOTSTRAP, { data: { [BOOTSTRAP_KEYS.token]: token } });
      await new Promise((resolve) => setTimeout(resolve, 5000));
      const after = await workload.get(BOOTSTRAP);
      expect(recordIn(after, 'data')?.[BOOTSTRAP_KEYS.token]).toBe(token);
    });
  });
}

function contentOf(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined;
  const { apiVersion: _v, kind: _k, metadata: _m, status: _s, ...content } = object;
  return content;
}

function containersOf(object: KubeObject | undefined): unknown {
  return Object(object?.['spec']).template.spec.containers;
}

function secretsIn(role: KubeObject): boolean {
  return JSON.stringify(role['rules']).includes('"secrets"');
}

function hasToken(secret: KubeObject): boolean {
  return recordIn(secret, 'data')?.[BOOTSTRAP_KEYS.token] !== undefined;
}
