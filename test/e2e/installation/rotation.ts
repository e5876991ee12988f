import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { mintAuthority } from '../../../provider/certificates/mint.ts';
import { certificatesIn } from '../../../provider/certificates/read.ts';
import { AUTHORITY_SECRET } from '../../../provider/installation/trust.ts';
import { eventually } from '../world.ts';
import { workload } from './site-clients.ts';
import { NAMESPACE, type Run } from './standalone.ts';

const SERVING: ObjectRef = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'capi-system',
  name: 'capi-webhook-service-cert',
};
const AUTHORITY: ObjectRef = { ...SERVING, namespace: AGENT_NAMESPACE, name: AUTHORITY_SECRET };
const HOOKS: ObjectRef = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  name: 'capi-validating-webhook-configuration',
};
const YEAR_DAYS = 365;

/** The authority grows old; webhooks are asked all the time and must always answer. */
export function rotation(run: () => Run): void {
  describe('a rotation of the authority', () => {
    it('leaves no moment in which a webhook is not trusted', async () => {
      const asking = askWebhooks();
      const before = await workload.get(SERVING);
      await ageAuthority();
      const hooks = await eventually(workload, HOOKS, 'to trust all authorities', (object) => {
        return bundleOf(object).length === 3;
      });
      expect(trusted(bundleOf(hooks), before)).toBe(true);
      expect((await workload.get(SERVING))?.['data']).toEqual(before?.['data']);
      run().skewMs = 6 * 60_000;
      const after = await eventually(workload, SERVING, 'to be of the new authority', (object) => {
        return trusted(bundleOf(hooks).slice(0, 1), object);
      });
      run().skewMs = 0;
      expect(trusted(bundleOf(hooks), after)).toBe(true);
      const { answers, failures } = await asking.end();
      console.log(`webhooks asked ${answers + failures.length} times meanwhile`);
      expect(failures).toEqual([]);
      expect(answers).toBeGreaterThan(10);
    });
  });
}

/**
 * An authority in the last third of its life, with the key of the present one: what that has signed
 * stays good.
 */
async function ageAuthority(): Promise<void> {
  const secret = await workload.get(AUTHORITY);
  const present = textOf(secret, 'tls.crt');
  const now = new Date(Date.now() - 2.5 * YEAR_DAYS * 24 * 3600_000);
  const old = await mintAuthority('old', { now, days: 3 * YEAR_DAYS });
  const data = {
    'tls.crt': base64(old.certificate),
    'tls.key': base64(old.privateKey),
    'ca.crt': base64(old.certificate + present),
  };
  await workload.patch(AUTHORITY, { data });
}

function askWebhooks(): {
  end(): Promise<{ readonly answers: number; readonly failures: readonly string[] }>;
} {
  const body = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'asked', namespace: NAMESPACE },
    spec: {
      infrastructureRef: {
        apiGroup: 'infrastructure.cluster.x-k8s.io',
        kind: 'DevCluster',
        name: 'asked',
      },
    },
  };
  const failures: string[] = [];
  const end = new AbortController();
  let answers = 0;
  async function ask(): Promise<void> {
    while (!end.signal.aborted) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one question after the other
        await workload.create(body, { dryRun: true });
        answers += 1;
      } catch (error) {
        failures.push(String(error));
      }
      // oxlint-disable-next-line no-await-in-loop -- the pause between two questions
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const asking = ask();
  return {
    async end() {
      end.abort();
      await asking;
      return { answers, failures };
    },
  };
}

function bundleOf(hooks: KubeObject): readonly string[] {
  const [webhook] = hooks['webhooks'] as readonly unknown[];
  const bundle = String(recordIn(webhook, 'clientConfig')?.['caBundle']);
  return certificatesIn(Buffer.from(bundle, 'base64').toString());
}

function trusted(authorities: readonly string[], secret: KubeObject | undefined): boolean {
  const certificate = new X509Certificate(textOf(secret, 'tls.crt'));
  return authorities.some((pem) => certificate.verify(new X509Certificate(pem).publicKey));
}

function textOf(secret: KubeObject | undefined, key: string): string {
  return Buffer.from(String(recordIn(secret, 'data')?.[key]), 'base64').toString();
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
