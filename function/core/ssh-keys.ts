import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { secretRefusal } from '../../lib/apis/opt-in.ts';
import { secretText } from '../../lib/core/secret-data.ts';
import type { Observed, Target } from './observed.ts';
import type { Problem } from './problem.ts';
import { SSH_KEYS } from './requirements.ts';

const KEY = 'authorizedKeys';

/** SshKeys are the public keys of a claim, or the problems of the Secret that should contain them. */
export interface SshKeys {
  readonly keys: readonly string[];
  readonly problems: readonly Problem[];
}

/** sshKeysOf reads public keys from the claim, or line by line from the Secret that it references. */
export function sshKeysOf(
  { ssh }: ManagedClusterSpec,
  { name: cluster, namespace }: Target,
  { required }: Observed,
): SshKeys {
  if (ssh?.secretRef === undefined) return { keys: ssh?.authorizedKeys ?? [], problems: [] };
  const { name } = ssh.secretRef;
  const secret = required[SSH_KEYS]?.[0];
  if (secret === undefined) {
    return missing(`Secret ${namespace}/${name} does not exist: create it with the key ${KEY}`);
  }
  const refusal = secretRefusal(secret, cluster);
  if (refusal !== undefined) return unusable('SecretNotAllowed', refusal);
  const text = secretText(secret, KEY);
  if (text === undefined) {
    return missing(
      `Secret ${namespace}/${name} has no key ${KEY}: add the key with public keys, one per line`,
    );
  }
  const lines = text.split('\n');
  const keys = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.some((key) => key.includes('PRIVATE KEY'))) {
    return missing(
      `Secret ${namespace}/${name} contains a private key in ${KEY}: replace it with public keys`,
    );
  }
  return { keys, problems: [] };
}

function missing(what: string): SshKeys {
  return unusable('SecretNotFound', what);
}

function unusable(reason: Problem['reason'], what: string): SshKeys {
  const message = `spec.ssh.secretRef: ${what}`;
  return { keys: [], problems: [{ reason, message, awaited: true }] };
}
