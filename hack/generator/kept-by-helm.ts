import { recordIn } from '../../lib/core/conditions.ts';

/**
 * keptByHelm is an object of the chart that stays when the chart is uninstalled: without the admission
 * policies nothing would hold back who deletes the definitions, and with them every cluster
 * (https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource).
 */
export function keptByHelm(object: object): object {
  const annotations = { 'helm.sh/resource-policy': 'keep' };
  return { ...object, metadata: { ...recordIn(object, 'metadata'), annotations } };
}
