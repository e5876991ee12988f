import type { Rule } from '../../lib/apis/schema/schema.ts';

/** MachineField is a field of the neutral `machine` that a cloud requires. */
export interface MachineField {
  readonly name: 'type' | 'image' | 'cpus' | 'memoryMiB' | 'diskGiB';
  /** What to set, as the end of a sentence: `a machine type, for example m6i.large`. */
  readonly write: string;
}

/** machineNeeds requires a field of `machine` for the control plane and for every pool. */
export function machineNeeds(provider: string, { name, write }: MachineField): readonly Rule[] {
  const otherCloud = `self.cloud.provider != '${provider}'`;
  const sentence = `machine.${name} is missing: cloud.provider ${provider} requires it, set ${write}`;
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

/** IdentityKinds are the kinds of identity objects that a cloud supports. */
export interface IdentityKinds {
  readonly kinds: readonly string[];
  /** Default kind; without it the claim must set the kind. */
  readonly preset?: string;
}

/** identityKinds refuses identity objects of kinds that the cloud does not support. */
export function identityKinds(provider: string, { kinds, preset }: IdentityKinds): readonly Rule[] {
  const listed = kinds.map((kind) => `'${kind}'`).join(', ');
  return ['identityRef', 'workloadIdentityRef'].map((field) => {
    const ref = `self.cloud.${field}`;
    const known = `${ref}.kind in [${listed}]`;
    const kind =
      preset === undefined ? `has(${ref}.kind) && ${known}` : `!has(${ref}.kind) || ${known}`;
    return {
      rule: `self.cloud.provider != '${provider}' || !has(${ref}) || (${kind})`,
      message: `cloud.${field}.kind must be ${kinds.join(' or ')} if cloud.provider is ${provider}`,
      fieldPath: `.cloud.${field}`,
    };
  });
}

/**
 * identityStays refuses the removal of `cloud.identityRef`, and if it is `fixed` every change,
 * because the infrastructure provider would refuse it later.
 */
export function identityStays(provider: string, fixed: boolean): Rule {
  const was = 'oldSelf.cloud.identityRef';
  const is = 'self.cloud.identityRef';
  const stays = fixed
    ? `has(${is}) == has(${was}) && (!has(${is}) || ${is}.name == ${was}.name)`
    : `!has(${was}) || has(${is})`;
  return {
    rule: `self.cloud.provider != '${provider}' || (${stays})`,
    message: `cloud.identityRef cannot be ${fixed ? 'changed' : 'removed'} after creation if cloud.provider is ${provider}: restore the previous value`,
    fieldPath: '.cloud',
  };
}

/** noIdentity refuses identities for a cloud that has none. */
export function noIdentity(provider: string): readonly Rule[] {
  return ['identityRef', 'workloadIdentityRef'].map((field) => ({
    rule: `self.cloud.provider != '${provider}' || !has(self.cloud.${field})`,
    message: `cloud.${field} is not supported if cloud.provider is ${provider}: remove it`,
    fieldPath: `.cloud.${field}`,
    reason: 'FieldValueForbidden',
  }));
}

/** endpointNeeded requires `controlPlane.endpoint` for a cloud that does not create an endpoint. */
export function endpointNeeded(provider: string): Rule {
  return {
    rule: `self.cloud.provider != '${provider}' || has(self.controlPlane.endpoint)`,
    message: `controlPlane.endpoint is missing: cloud.provider ${provider} does not create an endpoint for the API server, set the host (a free IP address in the network of the machines) and the port`,
    fieldPath: '.controlPlane',
    reason: 'FieldValueRequired',
  };
}

/** endpointMade refuses `controlPlane.endpoint` for a cloud whose infrastructure provider creates it. */
export function endpointMade(provider: string): Rule {
  return {
    rule: `self.cloud.provider != '${provider}' || !has(self.controlPlane.endpoint)`,
    message: `controlPlane.endpoint is created by the cloud if cloud.provider is ${provider}: remove it`,
    fieldPath: '.controlPlane.endpoint',
    reason: 'FieldValueForbidden',
  };
}

/** noControlPlaneFailureDomains refuses `controlPlane.failureDomains`; the message says what to do instead. */
export function noControlPlaneFailureDomains(provider: string, instead: string): Rule {
  return {
    rule: `self.cloud.provider != '${provider}' || !has(self.controlPlane.failureDomains)`,
    message: `controlPlane.failureDomains cannot be set if cloud.provider is ${provider}: ${instead}`,
    fieldPath: '.controlPlane.failureDomains',
    reason: 'FieldValueForbidden',
  };
}
