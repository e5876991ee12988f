import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import { fitLines } from '../../../lib/core/reported.ts';
import type { Inventory } from './journal.ts';

/** Each list must fit into the report, and a line on a screen: the cluster chooses names and addresses. */
const LIMITS = { bytes: 30_000, longest: 300 };

/**
 * inventoryOf lists what a cluster has ordered from its cloud: Services of type LoadBalancer with their
 * addresses, and PersistentVolumes with their volume handles.
 */
export function inventoryOf(
  services: readonly KubeObject[],
  volumes: readonly KubeObject[],
): Inventory {
  return {
    loadBalancers: fitLines(
      services
        .filter((service) => recordIn(service, 'spec')?.['type'] === 'LoadBalancer')
        .map(loadBalancer),
      LIMITS,
    ),
    volumes: fitLines(volumes.map(volume), LIMITS),
  };
}

function loadBalancer(service: KubeObject): string {
  const ingress = recordIn(recordIn(service, 'status'), 'loadBalancer')?.['ingress'];
  const addresses = (Array.isArray(ingress) ? ingress : [])
    .filter(isRecord)
    .map(({ ip, hostname }) => text(ip) ?? text(hostname))
    .filter((address) => address !== undefined);
  const { namespace, name } = service.metadata;
  return `Service ${namespace}/${name}, address ${addresses.join(', ') || 'none yet'}`;
}

function volume(persistentVolume: KubeObject): string {
  const spec = recordIn(persistentVolume, 'spec');
  const csi = recordIn(spec, 'csi');
  const claim = recordIn(spec, 'claimRef');
  const parts = [
    `PersistentVolume ${persistentVolume.metadata.name}`,
    csi && `${text(csi['driver'])} ${text(csi['volumeHandle'])}`,
    claim && `of claim ${text(claim['namespace'])}/${text(claim['name'])}`,
    text(spec?.['persistentVolumeReclaimPolicy']),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
