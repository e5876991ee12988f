import {
  type Addresses,
  type Container,
  type EnvFrom,
  type EnvVar,
  fieldOf,
  type KeyRef,
  type Pod,
  type ResourceRef,
  StartError,
} from './pod.ts';
import { quantityOf } from './quantity.ts';

/** Keyed is the content of a Secret or ConfigMap. */
export type Keyed = Readonly<Record<string, Buffer>>;

/** KeyedReader reads a Secret or ConfigMap of the Pod's namespace; undefined when there is none. */
export type KeyedReader = (
  kind: 'Secret' | 'ConfigMap',
  name: string,
) => Promise<Keyed | undefined>;

/** EnvSources is where the values of environment variables come from. */
export interface EnvSources {
  readonly at: Addresses;
  readonly read: KeyedReader;
  /** Variables that every container has; the container's own win. */
  readonly base: Readonly<Record<string, string>>;
  /** What a container without limits may use: the Node's allocatable. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/**
 * The environment of a container: base, `envFrom`, then `env` in order. Fails with StartError when
 * a Secret, ConfigMap or key is missing that is not optional.
 */
export async function environment(
  pod: Pod,
  container: Container,
  sources: EnvSources,
): Promise<Record<string, string>> {
  const env: Record<string, string> = { ...sources.base };
  for (const from of container.envFrom ?? []) Object.assign(env, await allOf(from, sources.read));
  for (const variable of container.env ?? []) {
    const value = await valueOf({ pod, container, variable, env }, sources);
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

async function allOf(
  { prefix = '', secretRef, configMapRef }: EnvFrom,
  read: KeyedReader,
): Promise<Readonly<Record<string, string>>> {
  const ref = secretRef ?? configMapRef;
  if (ref === undefined) return {};
  const content = await keyed(read, secretRef ? 'Secret' : 'ConfigMap', ref);
  const entries = Object.entries(content).map(([key, value]) => [prefix + key, value.toString()]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/**
 * Expands `$(NAME)` as Kubernetes does (third_party/forked/golang/expansion): an unknown name stays
 * as it is, `$$` is a dollar sign.
 */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) => {
    if (all === '$$') return '$';
    return env[name ?? ''] ?? all;
  });
}

/** The content of a Secret or ConfigMap; empty when it is missing and optional. */
export async function keyed(
  read: KeyedReader,
  kind: 'Secret' | 'ConfigMap',
  ref: { readonly name: string; readonly optional?: boolean },
): Promise<Keyed> {
  const content = await read(kind, ref.name);
  if (content !== undefined) return content;
  if (ref.optional === true) return {};
  throw new StartError(
    'CreateContainerConfigError',
    `${kind.toLowerCase()} "${ref.name}" not found`,
  );
}

interface Wanted {
  readonly pod: Pod;
  readonly container: Container;
  readonly variable: EnvVar;
  /** What is known so far. */
  readonly env: Readonly<Record<string, string>>;
}

async function valueOf(wanted: Wanted, sources: EnvSources): Promise<string | undefined> {
  const { value, valueFrom } = wanted.variable;
  if (valueFrom === undefined) return expand(value ?? '', wanted.env);
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) return fieldOf(wanted.pod, sources.at, fieldRef.fieldPath);
  if (resourceFieldRef) {
    return String(resourceOf(wanted.container, resourceFieldRef, sources.allocatable));
  }
  if (secretKeyRef) return keyOf(sources.read, 'Secret', secretKeyRef);
  if (configMapKeyRef) return keyOf(sources.read, 'ConfigMap', configMapKeyRef);
  return undefined;
}

async function keyOf(
  read: KeyedReader,
  kind: 'Secret' | 'ConfigMap',
  ref: KeyRef,
): Promise<string | undefined> {
  const value = (await keyed(read, kind, ref))[ref.key];
  if (value !== undefined || ref.optional === true) return value?.toString('utf8');
  throw new StartError(
    'CreateContainerConfigError',
    `couldn't find key ${ref.key} in ${kind} ${ref.name}`,
  );
}

/** `limits.memory` and the like, in units of the divisor, rounded up. */
function resourceOf(
  container: Container,
  { resource, divisor = '1' }: ResourceRef,
  allocatable: Readonly<Record<string, string>>,
): number {
  const [list, name = ''] = resource.split('.');
  const own = container.resources?.[list === 'limits' ? 'limits' : 'requests']?.[name];
  const quantity = own ?? (list === 'limits' ? allocatable[name] : undefined) ?? '0';
  const unit = quantityOf(divisor);
  return Math.ceil(quantityOf(quantity) / (unit === 0 ? 1 : unit));
}
