import { X509Certificate } from 'node:crypto';

/** EKU clientAuth, RFC 5280 4.2.1.12. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/**
 * Why a client is refused; undefined when it is trusted. Stands in for OpenSSL's check, which never
 * lets real Crossplane in: core's client certificate has the same subject as the CA that signed it
 * and no authorityKeyIdentifier, so OpenSSL takes it for self-signed (error 18) and refuses it, while
 * Go accepts it (facts/crossplane-runs.md 2, trap 2). The handshake has proved by then that the client
 * holds the key. The leaf must be signed by one of `authorities` directly; chains are not followed.
 *
 * @param leaf DER of the client's certificate, undefined when it sent none
 * @param authorities every certificate of ca.crt
 */
export function refusalOf(
  leaf: Buffer | undefined,
  authorities: readonly X509Certificate[],
  now: Date,
): string | undefined {
  if (!leaf || leaf.length === 0) return 'no client certificate';
  const certificate = new X509Certificate(leaf);
  const signers = authorities.filter(
    (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  );
  if (signers.length === 0) return 'not signed by a certificate of ca.crt';
  if (!signers.some((signer) => signer.ca && isValidAt(signer, now))) {
    return 'signed by a certificate of ca.crt that has expired or is no CA';
  }
  if (!isValidAt(certificate, now)) return 'expired or not valid yet';
  // Node calls it keyUsage, but it is the extended one; undefined when there is none.
  const usages: readonly string[] | undefined = certificate.keyUsage;
  return usages?.includes(CLIENT_AUTH) ? undefined : 'not made for client authentication';
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}
