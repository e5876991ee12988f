import type { Rule } from '../../lib/apis/schema/schema.ts';

/** MachineField is a field of the neutral `machine` that a cloud can't do without. */
export interface MachineField {
  readonly name: 'type' | 'image' | 'cpus' | 'memoryMiB' | 'diskGiB';
  /** What to write, as the end of a sentence: `a machine type, for example m6i.large`. */
  readonly write: string;
}

/** machineNeeds demands a field of `machine` from the control plane and from every pool. */
export function machineNeeds(provider: string, { name, write }: MachineField): readonly Rule[] {
  const otherCloud = `self.cloud.provider != '${provider}'`;
  const sentence = `machine.${name} is missing: cloud.provider ${provider} needs it, write ${write}`;
  return [
    {
      rule: `${otherCloud} || has(self.controlPlane.machine.${name})`,
      message: `controlPlane.${sentence}`,
      fieldPath: '.controlPlane.machine',
      reason: 'FieldValueRequired',
    },
    {
      rule: `${otherCloud} || self.nodePools.all(p, has(p.machine.${name}))`,
      message: `nodePools[].${sentence}`,
      fieldPath: '.nodePools',
      reason: 'FieldValueRequired',
    },
  ];
}

/** IdentityKinds says which kinds of identity object a cloud knows. */
export interface IdentityKinds {
  readonly kinds: readonly string[];
  /** Kind that is meant when the claim names none; without it the claim must name one. */
  readonly preset?: string;
}

/** identityKinds refuses a kind of identity object that the cloud does not know. */
export function identityKinds(provider: string, { kinds, preset }: IdentityKinds): readonly Rule[] {
  const listed = kinds.map((kind) => `'${kind}'`).join(', ');
  return ['identityRef', 'workloadIdentityRef'].map((field) => {
    const ref = `self.cloud.${field}`;
    const known = `${ref}.kind in [${listed}]`;
    const kind =
      preset === undefined ? `has(${ref}.kind) && ${known}` : `!has(${ref}.kind) || ${known}`;
    return {
      rule: `self.cloud.provider != '${provider}' || !has(${ref}) || (${kind})`,
      message: `cloud.${field}.kind must be ${kinds.join(' or ')} where cloud.provider is ${provider}`,
      fieldPath: `.cloud.${field}`,
    };
  });
}

/**
 * identityStays refuses to take `cloud.identityRef` away once it is there, and where it is `fixed`
 * every change of it, because the infrastructure provider would refuse that later.
 */
export function identityStays(provider: string, fixed: boolean): Rule {
  const was = 'oldSelf.cloud.identityRef';
  const is = 'self.cloud.identityRef';
  const stays = fixed
    ? `has(${is}) == has(${was}) && (!has(${is}) || ${is}.name == ${was}.name)`
    : `!has(${was}) || has(${is})`;
  return {
    rule: `self.cloud.provider != '${provider}' || (${stays})`,
    message: `cloud.identityRef can't be ${fixed ? 'changed' : 'removed'} after creation where cloud.provider is ${provider}: write the one from before`,
    fieldPath: '.cloud',
  };
}

/** noIdentity refuses identities where the cloud knows none. */
export function noIdentity(provider: string): readonly Rule[] {
  return ['identityRef', 'workloadIdentityRef'].map((field) => ({
    rule: `self.cloud.provider != '${provider}' || !has(self.cloud.${field})`,
    message: `cloud.${field} has no meaning where cloud.provider is ${provider}: leave it out`,
    fieldPath: `.cloud.${field}`,
    reason: 'FieldValueForbidden',
  }));
}

/** endpointNeeded demands `controlPlane.endpoint` where nobody else makes an address. */
export function endpointNeeded(provider: string): Rule {
  return {
    rule: `self.cloud.provider != '${provider}' || has(self.controlPlane.endpoint)`,
    message: `controlPlane.endpoint is missing: cloud.provider ${provider} makes no address for the API server, write the host (a free IP in the network of the machines) and the port`,
    fieldPath: '.controlPlane',
    reason: 'FieldValueRequired',
  };
}

/** endpointMade refuses `controlPlane.endpoint` where the infrastructure provider makes it. */
export function endpointMade(provider: string): Rule {
  return {
    rule: `self.cloud.provider != '${provider}' || !has(self.controlPlane.endpoint)`,
    message: `controlPlane.endpoint is made by the cloud where cloud.provider is ${provider}: leave it out`,
    fieldPath: '.controlPlane.endpoint',
    reason: 'FieldValueForbidden',
  };
}

/** noControlPlaneFailureDomains refuses `controlPlane.failureDomains` and says what to do instead. */
export function noControlPlaneFailureDomains(provider: string, instead: string): Rule {
  return {
    rule: `self.cloud.provider != '${provider}' || !has(self.controlPlane.failureDomains)`,
    message: `controlPlane.failureDomains can't be chosen by name where cloud.provider is ${provider}: ${instead}`,
    fieldPath: '.controlPlane.failureDomains',
    reason: 'FieldValueForbidden',
  };
}
