import { AGENT_INSTALLATION } from '../../../lib/apis/kinds.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

/**
 * standInForAgent says what the provider will say when agent and providers are installed, so that
 * gate G2 can be seen to open before there is a provider. It touches the status and nothing else.
 */
export async function standInForAgent(
  api: KubeApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<void> {
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'StandIn',
    message: 'A stand-in says that the agent is installed',
    lastTransitionTime: new Date().toISOString(),
  };
  await api.patch(
    { ...AGENT_INSTALLATION, namespace, name },
    { status: { conditions: [condition] } },
    { subresource: 'status' },
  );
}
