import { type Container, type Pod, StartError } from './pod.ts';

/** User is who a container runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user of distroless `nonroot` images, which is what images with runAsNonRoot usually are. */
const NONROOT = 65532;

/** Who a container runs as. A contradiction (`runAsNonRoot` with user 0) is a StartError. */
export function userOf(pod: Pod, container: Container): User {
  const own = { ...pod.spec.securityContext, ...container.securityContext };
  const uid = own.runAsUser ?? (own.runAsNonRoot === true ? NONROOT : 0);
  if (own.runAsNonRoot === true && uid === 0) {
    throw new StartError(
      'CreateContainerConfigError',
      `container "${container.name}" has runAsNonRoot and runAsUser 0`,
    );
  }
  return { uid, gid: own.runAsGroup ?? uid };
}

/**
 * Whether this process may switch to a user. In a user namespace with one mapped uid no switch is possible,
 * not even to root (no `setgroups`): containers then run as the current user. The map is the text
 * of `/proc/self/uid_map`.
 */
export function canBecome(uid: number, uidMap: string): boolean {
  const ranges = uidMap
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([first = 0, , count = 0]) => ({ first, count }));
  const several = ranges.length > 1 || (ranges[0]?.count ?? 0) > 1;
  return several && ranges.some(({ first, count }) => uid >= first && uid < first + count);
}
