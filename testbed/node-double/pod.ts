import type { KubeObject, ObjectMeta } from '../../lib/core/object.ts';

/** Pod holds the fields of `v1.Pod` that the double reads. */
export interface Pod extends KubeObject {
  readonly metadata: ObjectMeta & {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec: PodSpec;
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** Condition as in `v1.PodCondition`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string | null;
}

/** PodSpec as in `v1.PodSpec`. */
export interface PodSpec {
  readonly nodeName?: string;
  readonly hostname?: string;
  readonly hostNetwork?: boolean;
  readonly serviceAccountName?: string;
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly securityContext?: SecurityContext;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly tolerations?: readonly Toleration[];
}

/** Toleration as in `v1.Toleration`. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect?: string;
}

/** SecurityContext is what Pod and container have in common. */
export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
}

/** Container as in `v1.Container`. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFrom[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: Readonly<Record<'limits' | 'requests', Readonly<Record<string, string>>>>;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly securityContext?: SecurityContext;
}

/** EnvFrom as in `v1.EnvFromSource`. */
export interface EnvFrom {
  readonly prefix?: string;
  readonly secretRef?: { readonly name: string; readonly optional?: boolean };
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
}

/** KeyRef as in `v1.SecretKeySelector`. */
export interface KeyRef {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** FieldRef as in `v1.ObjectFieldSelector`. */
export interface FieldRef {
  readonly fieldPath: string;
}

/** ResourceRef as in `v1.ResourceFieldSelector`. */
export interface ResourceRef {
  readonly resource: string;
  readonly divisor?: string;
}

/** EnvVar as in `v1.EnvVar`. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: FieldRef;
    readonly resourceFieldRef?: ResourceRef;
    readonly secretKeyRef?: KeyRef;
    readonly configMapKeyRef?: KeyRef;
  };
}

/** VolumeMount as in `v1.VolumeMount`. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

/** KeyToPath as in `v1.KeyToPath`. */
export interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

/** Projection is one source of files, as in `v1.VolumeProjection`. */
export interface Projection {
  readonly secret?: KeyedVolume & { readonly secretName?: string };
  readonly configMap?: KeyedVolume;
  readonly downwardAPI?: {
    readonly items?: readonly { readonly path: string; readonly fieldRef?: FieldRef }[];
  };
  readonly serviceAccountToken?: {
    readonly path: string;
    readonly audience?: string;
    readonly expirationSeconds?: number;
  };
}

/** KeyedVolume is a Secret or ConfigMap as files. */
export interface KeyedVolume {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

/** Volume as in `v1.Volume`. */
export interface Volume extends Projection {
  readonly name: string;
  readonly emptyDir?: object;
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly projected?: { readonly sources?: readonly Projection[] };
}

/** Probe as in `v1.Probe`. */
export interface Probe {
  readonly httpGet?: {
    readonly path?: string;
    readonly port: string | number;
    readonly scheme?: string;
  };
  readonly tcpSocket?: { readonly port: string | number };
  readonly grpc?: { readonly port: string | number };
  readonly exec?: object;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

/** Addresses are the addresses of a Pod and its Node, for the downward API. */
export interface Addresses {
  readonly podIP: string;
  readonly hostIP: string;
  readonly nodeName: string;
}

/**
 * StartError is why a container cannot start yet: reason and message of its `waiting` state. The double
 * retries.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The object as a Pod; the API server's schema has seen to its fields. */
export function podOf(object: KubeObject): Pod {
  return object as Pod;
}

/** The value of a downward API field; an unknown field is a StartError. */
export function fieldOf(pod: Pod, at: Addresses, path: string): string {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (entry?.[2] !== undefined) {
    return pod.metadata[entry[1] === 'labels' ? 'labels' : 'annotations']?.[entry[2]] ?? '';
  }
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'metadata.labels': linesOf(pod.metadata.labels),
    'metadata.annotations': linesOf(pod.metadata.annotations),
    'spec.nodeName': at.nodeName,
    'spec.serviceAccountName': pod.spec.serviceAccountName ?? 'default',
    'status.podIP': at.podIP,
    'status.podIPs': at.podIP,
    'status.hostIP': at.hostIP,
    'status.hostIPs': at.hostIP,
  };
  const value = fields[path];
  if (value === undefined) {
    throw new StartError('CreateContainerConfigError', `the node double does not support ${path}`);
  }
  return value;
}

/** The format of a downward API file. */
function linesOf(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
