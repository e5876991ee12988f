import { base64, secretText } from '../../lib/core/secret-data.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { certificatesIn, factsOf } from '../certificates/read.ts';
import { mintAuthority, type Pair } from '../certificates/mint.ts';
import {
  authorityNeeded,
  type CertificateFacts,
  stillTrusted,
} from '../core/installation/certificate-rotation.ts';
import { applied } from './apply.ts';

/**
 * Trust says which authority signs serving certificates in a workload cluster, and which ones its API
 * server trusts.
 */
export interface Trust {
  readonly signer: Pair;
  /** When the signer became valid, in milliseconds since 1970. */
  readonly since: number;
  /** PEM, the signer first. */
  readonly authorities: readonly string[];
}

/**
 * AUTHORITY_SECRET in the namespace of the agent stores the certificate authority of the webhooks of the
 * cluster.
 */
export const AUTHORITY_SECRET = 'managed-cluster-webhook-authority';

const AUTHORITY_DAYS = 3 * 365;

/** caBundleOf returns the caBundle of webhook configurations and conversions. */
export function caBundleOf({ authorities }: Pick<Trust, 'authorities'>): string {
  return base64(authorities.join(''));
}

/**
 * ensureTrust creates and rotates the authority. A new one replaces the old one early enough, and both are
 * trusted until the old one has expired.
 */
export async function ensureTrust(api: KubeApi, cluster: string, now: Date): Promise<Trust> {
  const stored = await storedTrust(api);
  const signer = stored?.signer;
  const facts = signer === undefined ? undefined : factsOf(signer.certificate);
  if (
    stored !== undefined &&
    facts !== undefined &&
    authorityNeeded(facts, now.getTime()) === undefined
  ) {
    return { ...stored, since: facts.notBefore };
  }
  const fresh = await mintAuthority(`${cluster} webhooks`, { now, days: AUTHORITY_DAYS });
  const old = stillTrusted((stored?.authorities ?? []).flatMap(dated), now.getTime());
  const authorities = [fresh.certificate, ...old.map(({ pem }) => pem)];
  await store(api, cluster, fresh, authorities);
  return { signer: fresh, authorities, since: factsOf(fresh.certificate)?.notBefore ?? 0 };
}

interface Dated extends CertificateFacts {
  readonly pem: string;
}

function dated(pem: string): readonly Dated[] {
  const facts = factsOf(pem);
  return facts === undefined ? [] : [{ ...facts, pem }];
}

async function storedTrust(api: KubeApi): Promise<Omit<Trust, 'since'> | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE };
  const secret = await api.get({ ...ref, name: AUTHORITY_SECRET });
  const [certificate, privateKey] = ['tls.crt', 'tls.key'].map((key) => secretText(secret, key));
  if (certificate === undefined || privateKey === undefined) return undefined;
  const others = certificatesIn(secretText(secret, 'ca.crt') ?? '').filter(
    (one) => one.trim() !== certificate.trim(),
  );
  return { signer: { certificate, privateKey }, authorities: [certificate, ...others] };
}

async function store(
  api: KubeApi,
  cluster: string,
  { certificate, privateKey }: Pair,
  authorities: readonly string[],
): Promise<void> {
  await applied(api, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: AUTHORITY_SECRET,
      namespace: AGENT_NAMESPACE,
      labels: { [CLUSTER_LABEL]: cluster },
    },
    type: 'kubernetes.io/tls',
    data: {
      'tls.crt': base64(certificate),
      'tls.key': base64(privateKey),
      'ca.crt': base64(authorities.join('')),
    },
  });
}
