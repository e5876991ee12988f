import { machineKinds } from './machine-kinds.ts';

const VM_PINNED = ['server', 'thumbprint', 'datacenter', 'datastore', 'folder', 'resourcePool'];

/** The others depend on the failure domain, which the record of a handover does not describe. */
const VM_BOUNDED = ['server', 'thumbprint'];

function fieldsOf(names: readonly string[]): readonly string[] {
  return names.map((name) => `spec.${name}`);
}

const virtualMachines = machineKinds('VSphere', {
  pinned: VM_PINNED,
  bounded: VM_BOUNDED,
  identity: ['providerID'],
});

/** infrastructureKinds are the kinds of CAPV. It logs in at the server, and finds a virtual machine by its BIOS UUID or its path. */
export const infrastructureKinds = {
  VSphereCluster: {
    ownedBy: [],
    pinned: [
      'spec.server',
      'spec.thumbprint',
      'spec.identityRef',
      'spec.controlPlaneEndpoint',
      'spec.failureDomainSelector',
      'spec.clusterModules',
      'status.failureDomains',
    ],
  },
  ...virtualMachines,
  VSphereVM: {
    pinned: fieldsOf(VM_PINNED),
    bounded: fieldsOf(VM_BOUNDED),
    ownedBy: ['VSphereMachine'],
    identity: ['spec.biosUUID'],
  },
};
