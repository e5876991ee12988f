import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { type Fields, listIn, podSpecOf, textIn } from './json.ts';

/** Volume types that `restricted` allows (Kubernetes v1.36, pod-security-standards.md). */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/**
 * beyondRestricted returns what the Pods of a Deployment ask for that the Pod security standard `restricted`
 * forbids, in words. A field that is absent asks for nothing: the defaults of Kubernetes give no access to the
 * node, and CAPA and CAPG leave some fields out that `restricted` requires (facts/providers.md 19).
 */
export function beyondRestricted(deployment: KubeObject): readonly string[] {
  const podSpec = podSpecOf(deployment) ?? {};
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) =>
    listIn(podSpec, field),
  );
  const found = [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => podSpec[field] === true),
    ...listIn(podSpec, 'volumes').flatMap(volumeBeyond),
    ...contextBeyond(podSpec),
    ...containers.flatMap((container) => [
      ...listIn(container, 'ports').flatMap(({ hostPort }) =>
        hostPort === undefined || hostPort === 0 ? [] : ['hostPort'],
      ),
      ...contextBeyond(container),
    ]),
  ];
  return [...new Set(found)].toSorted(compareText);
}

function volumeBeyond({ name, ...source }: Fields): readonly string[] {
  return Object.keys(source)
    .filter((type) => !VOLUMES.includes(type))
    .map((type) => `volume ${String(name)} of type ${type}`);
}

/** Of a Pod or a container, whose security contexts share their fields. */
function contextBeyond(of: Fields): readonly string[] {
  const context = recordIn(of, 'securityContext') ?? {};
  const flags = ['privileged', 'allowPrivilegeEscalation'].filter((one) => context[one] === true);
  const added = recordIn(context, 'capabilities')?.['add'];
  const capabilities = Array.isArray(added)
    ? added.filter((one) => one !== 'NET_BIND_SERVICE').map((one) => `capability ${String(one)}`)
    : [];
  const procMount = textIn(context, 'procMount');
  return [
    ...flags,
    ...capabilities,
    ...(context['runAsUser'] === 0 ? ['runAsUser 0'] : []),
    ...(context['runAsNonRoot'] === false ? ['runAsNonRoot false'] : []),
    ...(procMount === undefined || procMount === 'Default' ? [] : [`procMount ${procMount}`]),
    ...['seccompProfile', 'appArmorProfile'].filter(
      (one) => textIn(context[one], 'type') === 'Unconfined',
    ),
    ...listIn(context, 'sysctls').map(({ name }) => `sysctl ${String(name)}`),
    ...(recordIn(context, 'windowsOptions')?.['hostProcess'] === true ? ['hostProcess'] : []),
    ...seLinuxBeyond(recordIn(context, 'seLinuxOptions')),
  ];
}

function seLinuxBeyond(options: Fields | undefined): readonly string[] {
  return ['user', 'role']
    .filter((field) => (textIn(options, field) ?? '') !== '')
    .map((field) => `seLinuxOptions.${field}`);
}
