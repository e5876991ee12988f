import type { PlanSecrets } from '../../provider/installation/plan-secrets.ts';
import type { Allowed, ProviderOptions } from '../../provider/options.ts';

/** NOTHING_ALLOWED is what an administrator allows who sets no flags. */
export const NOTHING_ALLOWED: Allowed = {
  providerNamespaces: [],
  privilegedProviders: [],
  imageMirrors: [],
};

/** NO_OPTIONS are those of a provider that installs nothing. */
export const NO_OPTIONS: ProviderOptions = {
  managementEndpoint: '',
  managementAuthority: '',
  agentImage: '',
  version: '0.0.0',
  allowed: NOTHING_ALLOWED,
};

/** NO_SECRETS belongs to a plan whose layers refer to no Secrets. */
export const NO_SECRETS: PlanSecrets = { usable: [], refusals: [], missing: [] };
