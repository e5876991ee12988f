import type { JsonObject } from '../core/object.ts';
import {
  chosenIn,
  type Entry,
  isUnambiguous,
  kubeconfigDocument,
  kubeconfigIn,
  singleKubeconfig,
} from './kubeconfig.ts';
import { plainYaml } from './plain-yaml.ts';
import { refusedFields } from './refused-fields.ts';

/**
 * UntrustedKubeconfig is the accepted content of a kubeconfig from another source, such as a Secret.
 * Callers have no access to the rest of the text.
 */
export interface UntrustedKubeconfig {
  /** An https:// address without a trailing slash. */
  readonly server: string;
  /** PEM in base64 of the certificate authorities of the server; undefined: those that Node trusts. */
  readonly authority: string | undefined;
  /** Name in the certificate of the server, if it differs from the address. */
  readonly tlsServerName: string | undefined;
  readonly token: string | undefined;
  /** Client certificate, PEM in base64. */
  readonly certificate: string | undefined;
  /** Key of the client certificate, PEM in base64. */
  readonly key: string | undefined;
}

/** RefusedKubeconfigError says that a kubeconfig was read but has content that is not accepted. */
export class RefusedKubeconfigError extends Error {
  override readonly name = 'RefusedKubeconfigError';
}

/** Allowed fields of a cluster and a user; all others are rejected, whatever their value. */
const ALLOWED = {
  cluster: ['server', 'certificate-authority-data', 'tls-server-name'],
  user: ['token', 'client-certificate-data', 'client-key-data'],
} as const;

/**
 * readUntrustedKubeconfig reads a kubeconfig of another user. Someone who may write a Secret must not be
 * able to run programs, read files, or use the network or trust of the process that reads it. So this is an
 * allow list, which applies to every entry and not only to the current context. The error says what to
 * write instead and quotes nothing of the text; `where` names the source.
 */
export function readUntrustedKubeconfig(text: string, where: string): UntrustedKubeconfig {
  const document = plainYaml(text);
  const config = kubeconfigIn(document);
  if (config === undefined || !isUnambiguous(document, config)) throw unreadable(where);
  const { clusters, users } = config;
  const problem =
    refusedFields(foreignIn(clusters, ALLOWED.cluster), foreignIn(users, ALLOWED.user)) ??
    wrongValue([...clusters, ...users]);
  if (problem !== undefined) {
    throw new RefusedKubeconfigError(`cannot use the kubeconfig in ${where}: ${problem}`);
  }
  const { cluster, user } = chosenIn(config);
  if (cluster === undefined || user === undefined) throw unreadable(where);
  return {
    server: addressOf(cluster['server']) ?? '',
    authority: textIn(cluster, 'certificate-authority-data'),
    tlsServerName: textIn(cluster, 'tls-server-name'),
    token: textIn(user, 'token'),
    certificate: textIn(user, 'client-certificate-data'),
    key: textIn(user, 'client-key-data'),
  };
}

/**
 * kubeconfigText writes the accepted content as a kubeconfig with the names that Cluster API uses, so that
 * other programs read only validated content.
 */
export function kubeconfigText(config: UntrustedKubeconfig, cluster: string): string {
  const user = `${cluster}-admin`;
  const document = kubeconfigDocument(
    singleKubeconfig(
      {
        name: cluster,
        value: {
          server: config.server,
          'certificate-authority-data': config.authority,
          'tls-server-name': config.tlsServerName,
        },
      },
      {
        name: user,
        value: {
          token: config.token,
          'client-certificate-data': config.certificate,
          'client-key-data': config.key,
        },
      },
      `${user}@${cluster}`,
    ),
  );
  return JSON.stringify(document);
}

function unreadable(where: string): Error {
  return new Error(
    `cannot use the kubeconfig in ${where}: it is not valid YAML (without anchors, aliases and tags) with a current context that has a cluster and a user, each name once`,
  );
}

function foreignIn(entries: readonly Entry[], allowed: readonly string[]): readonly string[] {
  return entries.flatMap(({ value }) =>
    Object.keys(value).filter((field) => !allowed.includes(field)),
  );
}

/** A required format and its description. */
interface Form {
  readonly is: (text: string) => boolean;
  readonly says: string;
}

const BASE64: Form = {
  is: (text) => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text),
  says: 'base64 of PEM',
};

const FORMS: Readonly<Record<string, Form>> = {
  server: {
    is: (text) => addressOf(text) !== undefined,
    says: 'an https:// address without user, query and fragment',
  },
  'certificate-authority-data': BASE64,
  'client-certificate-data': BASE64,
  'client-key-data': BASE64,
  // The token is sent in a header, where an invalid value would fail only later.
  token: {
    is: (text) => /^[\x21-\x7e]*$/.test(text),
    says: 'one line of printable ASCII without spaces',
  },
  'tls-server-name': {
    is: (text) => /^[A-Za-z0-9._:-]{0,253}$/.test(text),
    says: 'a host name',
  },
};

function wrongValue(entries: readonly Entry[]): string | undefined {
  const present = entries.flatMap(({ value }) => Object.entries(value));
  const wrong = Object.entries(FORMS).find(([field, { is }]) =>
    present.some(([key, value]) => key === field && !(typeof value === 'string' && is(value))),
  );
  return wrong && `every ${wrong[0]} in it must be a string: ${wrong[1].says}`;
}

function addressOf(server: unknown): string | undefined {
  if (typeof server !== 'string' || !URL.canParse(server)) return undefined;
  const { protocol, username, password, search, hash, origin, pathname } = new URL(server);
  if (protocol !== 'https:' || username + password + search + hash !== '') return undefined;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** As in kubectl, an empty string counts as absent. */
function textIn(part: JsonObject, field: string): string | undefined {
  const value = part[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
