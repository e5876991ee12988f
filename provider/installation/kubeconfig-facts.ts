import { parse } from 'yaml';
import { isRecord, recordIn } from '../../lib/core/conditions.ts';
import { canonicalJson } from '../../lib/core/hash.ts';
import type { Json } from '../../lib/core/object.ts';
import { factsOf } from '../certificates/read.ts';
import type { KubeconfigFacts } from '../core/installation/kept-kubeconfig.ts';
import { listIn, textIn } from '../core/installation/json.ts';

/**
 * kubeconfigFacts reads a kubeconfig as Cluster API makes one: one user, with a client certificate.
 * Undefined for any other, and when it can't be read.
 */
export function kubeconfigFacts(text: string | undefined): KubeconfigFacts | undefined {
  const config = configIn(text);
  const [user, ...others] = listIn(config, 'users');
  const certificate = textIn(recordIn(user, 'user'), 'client-certificate-data');
  if (certificate === undefined || others.length > 0) return undefined;
  const life = factsOf(Buffer.from(certificate, 'base64').toString('utf8'));
  return life && { servers: serversIn(config), notAfter: life.notAfter };
}

function serversIn(config: unknown): string {
  const clusters = listIn(config, 'clusters').map((entry) => recordIn(entry, 'cluster') ?? {});
  const plain: Json = JSON.parse(JSON.stringify(clusters));
  return canonicalJson(plain);
}

/** What went wrong is never told further: a parser quotes what it reads. */
function configIn(text: string | undefined): unknown {
  try {
    const config: unknown = parse(text ?? '', { logLevel: 'silent' });
    return isRecord(config) ? config : undefined;
  } catch {
    return undefined;
  }
}
