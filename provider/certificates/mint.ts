import {
  BasicConstraintsExtension,
  createCertificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type KeyPair,
} from '../../lib/pki/certificate.ts';

/** Pair is a certificate with its private key (PKCS#8), both as PEM. */
export type Pair = KeyPair;

/** Life is the validity period of a certificate. */
export interface Life {
  readonly now: Date;
  /** Days from now until the certificate expires. */
  readonly days: number;
}

/** BACKDATED_MS is how far in the past certificates become valid, because clocks of clusters differ. */
export const BACKDATED_MS = 3600_000;

const DAY_MS = 24 * 3600 * 1000;

/** Creates a certificate authority (ECDSA P-256) that may only sign serving certificates. */
export function mintAuthority(commonName: string, life: Life): Promise<Pair> {
  return createCertificate({
    subject: [{ CN: [commonName] }],
    ...validity(life),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
}

/** Issues a serving certificate (ECDSA P-256) for DNS names. */
export function mintServing(
  authority: Pair,
  dnsNames: readonly string[],
  life: Life,
): Promise<Pair> {
  const template = {
    // A common name has at most 64 characters (RFC 5280 ub-common-name); clients check the DNS names.
    subject: [{ CN: [(dnsNames[0] ?? '').slice(0, 64)] }],
    ...validity(life),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        dnsNames.map((value) => ({ type: 'dns' as const, value })),
      ),
    ],
  };
  return createCertificate(template, authority);
}

/**
 * Issues a client certificate (ECDSA P-256) for Cluster API, with the user and group of its own kubeconfigs (CAPI v1.14
 * util/kubeconfig New).
 */
export function mintClusterApiClient(authority: Pair, life: Life): Promise<Pair> {
  const template = {
    subject: [{ O: ['system:masters'] }, { CN: ['kubernetes-admin'] }],
    ...validity(life),
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    ],
  };
  return createCertificate(template, authority);
}

function validity({ now, days }: Life): { readonly notBefore: Date; readonly notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  };
}
