/** The replacement for fields of `Cluster` and `AuthInfo` of client-go (tools/clientcmd/api/v1). */
interface Advice {
  readonly fields: readonly string[];
  readonly instead: string;
}

const CREDENTIAL = 'a credential as token, or as client-certificate-data and client-key-data';
const LEFT_OUT = 'nothing: leave it out';

const OF_CLUSTERS: readonly Advice[] = [
  { fields: ['certificate-authority'], instead: 'its content as certificate-authority-data' },
  {
    fields: ['insecure-skip-tls-verify'],
    instead:
      'certificate-authority-data, and tls-server-name where the certificate has another name',
  },
  { fields: ['proxy-url'], instead: 'a server that is reachable without a proxy' },
  { fields: ['disable-compression', 'extensions'], instead: LEFT_OUT },
];

const OF_USERS: readonly Advice[] = [
  {
    // Both spellings: client-go uses the first, other clients the second.
    fields: ['exec', 'auth-provider', 'tokenFile', 'token-file', 'username', 'password'],
    instead: CREDENTIAL,
  },
  {
    fields: ['client-certificate', 'client-key'],
    instead: 'their content as client-certificate-data and client-key-data',
  },
  {
    fields: ['as', 'as-uid', 'as-groups', 'as-user-extra'],
    instead: 'a credential of the intended user',
  },
  { fields: ['extensions'], instead: LEFT_OUT },
];

/**
 * refusedFields returns a message about fields that clusters and users must not have; undefined if there
 * are none. Names that client-go does not know are untrusted content, so they are not quoted.
 */
export function refusedFields(
  ofClusters: readonly string[],
  ofUsers: readonly string[],
): string | undefined {
  const found = [...new Set([...told(ofClusters, OF_CLUSTERS), ...told(ofUsers, OF_USERS)])];
  if (found.length === 0) return undefined;
  return `${found.join('; ')}; a kubeconfig that others can write may have only server, certificate-authority-data and tls-server-name in a cluster, and token, client-certificate-data and client-key-data in a user`;
}

function told(fields: readonly string[], table: readonly Advice[]): readonly string[] {
  const known = table.flatMap((advice) => {
    const named = advice.fields.filter((field) => fields.includes(field));
    return named.length === 0 ? [] : [`it has ${named.join(', ')} (instead: ${advice.instead})`];
  });
  const names = table.flatMap((advice) => advice.fields);
  const others = fields.some((field) => !names.includes(field));
  return others ? [...known, 'it has a field that kubectl does not know'] : known;
}
