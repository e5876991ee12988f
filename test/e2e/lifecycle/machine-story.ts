import { readFileSync } from 'node:fs';
import type { WorldFile } from '@managed-cluster/testbed';

/** MachineAct is a Machine that was created or deleted, as an audit log tells it. */
export interface MachineAct {
  readonly verb: 'create' | 'delete';
  readonly user: string;
  readonly name: string;
}

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
    readonly apiGroup?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestURI: string;
  readonly responseObject?: { readonly metadata?: { readonly name?: string } };
}

/** machineActs are the Machines of a cluster that were really created or deleted on a side, in order. */
export function machineActs(
  { auditLog }: WorldFile['management'],
  cluster: string,
): readonly MachineAct[] {
  const pools = ['cp', 'workers']; // another cluster's name may begin with this one's
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"machines"'))
    .flatMap((line) => actOf(JSON.parse(line) as AuditEvent))
    .filter(({ name }) => pools.some((pool) => name.startsWith(`${cluster}-${pool}-`)));
}

function actOf(event: AuditEvent): readonly MachineAct[] {
  const { user, objectRef, responseObject } = event;
  const verb = verbOf(event);
  if (verb === undefined || !isDone(event)) return [];
  const name = objectRef?.name ?? responseObject?.metadata?.name ?? '';
  return [{ verb, user: user.username, name }];
}

/** KCP and MachineSet create Machines by server-side apply: a PATCH that is answered 201. */
function verbOf({ verb, responseStatus }: AuditEvent): MachineAct['verb'] | undefined {
  if (verb === 'delete') return verb;
  return responseStatus?.code === 201 ? 'create' : undefined;
}

function isDone({ objectRef = {}, responseStatus = {}, requestURI }: AuditEvent): boolean {
  const machine = objectRef.resource === 'machines' && objectRef.subresource === undefined;
  return machine && (responseStatus.code ?? 500) < 300 && !requestURI.includes('dryRun=All');
}
