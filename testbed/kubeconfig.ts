/** ClientCredentials are what a client shows to an API server. */
export type ClientCredentials =
  { readonly certificate: string; readonly privateKey: string } | { readonly token: string };

/** KubeconfigOptions name the server, how it is trusted and who asks. */
export interface KubeconfigOptions {
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly credentials: ClientCredentials;
}

/** The text of a kubeconfig with one context, without references to other files. */
export function kubeconfig({ server, authority, credentials }: KubeconfigOptions): string {
  const user =
    'token' in credentials
      ? { token: credentials.token }
      : {
          'client-certificate-data': base64(credentials.certificate),
          'client-key-data': base64(credentials.privateKey),
        };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'world',
    contexts: [{ name: 'world', context: { cluster: 'world', user: 'world' } }],
    clusters: [
      { name: 'world', cluster: { server, 'certificate-authority-data': base64(authority) } },
    ],
    users: [{ name: 'world', user }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
