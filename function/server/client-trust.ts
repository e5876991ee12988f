import { X509Certificate } from 'node:crypto';

/** EKU clientAuth, RFC 5280 4.2.1.12. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/**
 * Returns why a client is refused; undefined if it is trusted. Replaces OpenSSL's check, which refuses
 * Crossplane: core's client certificate has the same subject as the CA that signed it and no
 * authorityKeyIdentifier, so OpenSSL considers it self-signed (error 18), while Go accepts it
 * (facts/crossplane-runs.md 2, trap 2). The handshake has already proved that the client has the private
 * key. The leaf must be signed directly by one of `authorities`; chains are not followed.
 *
 * @param leaf DER of the client certificate, undefined if the client sent none
 * @param authorities all certificates in ca.crt
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
    return 'signed by a certificate of ca.crt that has expired or is not a CA';
  }
  if (!isValidAt(certificate, now)) return 'expired or not valid yet';
  // In Node, keyUsage is the extended key usage; undefined if there is none.
  const usages: readonly string[] | undefined = certificate.keyUsage;
  return usages?.includes(CLIENT_AUTH) ? undefined : 'not issued for client authentication';
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}
