import type { Part } from '../part.ts';
import { agentConnected, nodeLayersReady } from './agent-word.ts';
import { agent } from './agent.ts';
import { bootstrap } from './bootstrap.ts';
import { certificates } from './certificates.ts';
import { credentials } from './credentials.ts';
import { identity } from './identity.ts';
import { kubeconfig } from './kubeconfig.ts';
import { policies } from './policies.ts';
import { providerCrds } from './provider-crds.ts';
import { providerObjects } from './provider-objects.ts';
import { providers } from './providers.ts';
import { secrets } from './secrets.ts';
import { target } from './target.ts';
import { webhooks } from './webhooks.ts';

/**
 * PARTS lists the parts of the installation in order. The agent comes early, because it installs the
 * network that the Pods of the providers need.
 */
export const PARTS: readonly Part[] = [
  identity,
  secrets,
  target,
  bootstrap,
  agent,
  providerCrds,
  policies,
  certificates,
  providerObjects,
  credentials,
  providers,
  webhooks,
  kubeconfig,
  agentConnected,
  nodeLayersReady,
];
