import type { JsonObject } from '../lib/core/object.ts';
import type { ClusterInput } from './cloud.ts';

/** Maximum length of an entry of `users[].sshAuthorizedKeys`, in characters (CAPI v1.14 KubeadmConfig). */
const LONGEST_KEY = 2048;
const PUBLIC_KEY = /^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( [^\n]*)?$/;
const USER = /^[a-z_][-a-z0-9_]{0,31}$/;

/**
 * users returns the users that cloud-init creates on every machine, with the public keys of the claim.
 * All our clouds support this (facts/providers.md 1, "SSH keys").
 */
export function users({ spec, authorizedKeys }: ClusterInput): readonly JsonObject[] {
  if (spec.ssh === undefined || authorizedKeys.length === 0) return [];
  return [
    {
      name: spec.ssh.user,
      sudo: 'ALL=(ALL) NOPASSWD:ALL',
      shell: '/bin/bash',
      sshAuthorizedKeys: authorizedKeys,
    },
  ];
}

/** sshProblems returns errors in the user and the keys. They never contain a key: it could be a private key. */
export function sshProblems({ spec, authorizedKeys }: ClusterInput): readonly string[] {
  const { user } = spec.ssh ?? {};
  const userProblem =
    user === undefined || USER.test(user)
      ? []
      : [`ssh.user is ${user}: use a Linux user name, for example capi`];
  return [
    ...userProblem,
    ...authorizedKeys.flatMap((key, index) => {
      const which = `public key ${index + 1} of ssh`;
      if (!PUBLIC_KEY.test(key)) {
        return [`${which} is not a public key: use a line such as ssh-ed25519 AAAA… name`];
      }
      return key.length > LONGEST_KEY
        ? [`${which} is longer than ${LONGEST_KEY} characters: use an ed25519 key`]
        : [];
    }),
  ];
}
