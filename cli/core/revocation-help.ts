import { AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import { isPaused, PAUSED_ANNOTATION } from '../../lib/apis/pause.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { kubectlName, nameOfObject, resourceOf, said, sentence } from './finding.ts';
import { isGone } from './revocation.ts';
import { agentLabels, objectIn, saysRevoked, type Standing } from './standing.ts';

/**
 * REVOCATION_MANAGER is the field manager of everything that a revocation writes. It must not begin with `kubectl`: Flux
 * undoes what such managers wrote, also in fields that Git does not mention (facts/flux.md 1).
 */
export const REVOCATION_MANAGER = 'managedcluster-revoke';

/** obstacles returns what is known beforehand to stop Crossplane from passing on a change of the claim. */
export function obstacles(standing: Standing): readonly string[] {
  const { head, composite } = standing;
  return [objectIn(head), objectIn(composite)].flatMap((object) =>
    object === undefined ? [] : [...pauseOf(standing, object), ...deletionOf(object)],
  );
}

function pauseOf({ kubectl }: Standing, object: KubeObject): readonly string[] {
  if (!isPaused(object)) return [];
  const { namespace } = object.metadata;
  const there = namespace === undefined ? '' : ` -n ${namespace}`;
  return [
    `${nameOfObject(object)} is paused, so Crossplane does not pass the change on until this is run: ${kubectl}${there} annotate ${kubectlName(object)} ${PAUSED_ANNOTATION}-`,
  ];
}

function deletionOf(object: KubeObject): readonly string[] {
  if (object.metadata.deletionTimestamp === undefined) return [];
  return [`${nameOfObject(object)} is being deleted, so Crossplane may not pass the change on`];
}

/** notPassedOn says where Crossplane has stopped; empty if it has passed on what the claim says. */
export function notPassedOn(standing: Standing, revoked: boolean): readonly string[] {
  const { head, composite, installation, kubectl } = standing;
  const chain = [head, composite, installation].flatMap((look) => objectIn(look) ?? []);
  const stuck = chain.findIndex((object) => saysRevoked(object) !== revoked);
  const before = chain[stuck - 1];
  if (before === undefined) return [];
  const error = conditionOf(before, 'Synced');
  const why = error?.status === 'False' ? ` It says: ${sentence(said(error))}` : '';
  return [
    `Crossplane has not passed the change on from ${nameOfObject(before)}.${why} Check that it and the function run: ${kubectl} -n crossplane-system get pods`,
  ];
}

/** suspects returns who has not done its part, and how to look at it. */
export function suspects(standing: Standing, revoked: boolean): readonly string[] {
  const { head, kubectl } = standing;
  const claim = objectIn(head);
  // Nobody has anything to pass on yet.
  if (claim === undefined || saysRevoked(claim) !== revoked) return [];
  const stuck = notPassedOn(standing, revoked);
  if (stuck.length > 0) return stuck;
  return [
    `If the provider does not run, nothing of this happens. Check it: ${kubectl} -n crossplane-system get pods -l app.kubernetes.io/name=managed-cluster-provider`,
  ];
}

/** byHand returns the commands that cut a cluster off without Crossplane and provider. */
export function byHand(standing: Standing): readonly string[] {
  const { kubectl, identity } = standing;
  const left = identity?.filter((one) => !isGone(one));
  return [
    ...claimCommand(standing, true),
    ...installationCommand(standing),
    ...(left === undefined
      ? [byLabel(standing)]
      : left.map(({ ref: { kind, namespace, name } }) =>
          [
            `${kubectl} -n ${namespace} delete ${kind.toLowerCase()}/${name}`,
            '--ignore-not-found',
          ].join(' '),
        )),
  ];
}

/** restoreByHand returns the commands that undo a revocation, for those of them that are still needed. */
export function restoreByHand(standing: Standing): readonly string[] {
  const { installation, subject, kubectl } = standing;
  const made = objectIn(installation);
  if (made === undefined || !saysRevoked(made)) return claimCommand(standing, false);
  const command = patchCommand(
    kubectl,
    subject.namespace,
    kubectlName(made),
    '{"spec":{"revoked":null}}',
  );
  return [...claimCommand(standing, false), command];
}

function claimCommand({ head, subject, kubectl }: Standing, wanted: boolean): readonly string[] {
  const object = objectIn(head);
  if (object === undefined || saysRevoked(object) === wanted) return [];
  const patch = `{"spec":{"agent":{"revoked":${wanted}}}}`;
  return [patchCommand(kubectl, subject.namespace, resourceOf({ subject }), patch)];
}

/** Otherwise a provider that runs without Crossplane makes the identity again. */
function installationCommand({ installation, subject, kubectl }: Standing): readonly string[] {
  const made = objectIn(installation);
  if (made === undefined ? installation.kind !== 'Unread' : saysRevoked(made)) return [];
  const { namespace, name } = subject;
  const named = kubectlName({ ...AGENT_INSTALLATION, metadata: { name } });
  return [patchCommand(kubectl, namespace, named, '{"spec":{"revoked":true}}')];
}

function patchCommand(kubectl: string, namespace: string, named: string, patch: string): string {
  return `${kubectl} -n ${namespace} patch ${named} --type=merge --field-manager=${REVOCATION_MANAGER} -p '${patch}'`;
}

/** In the namespace of all agents only: nobody but the provider writes there. Without ServiceAccount no token works. */
function byLabel({ subject, kubectl }: Standing): string {
  const labels = agentLabels(subject);
  return `${kubectl} -n ${AGENTS_NAMESPACE} delete rolebinding,serviceaccount,role,lease -l ${labels}`;
}
