import { setMaxListeners } from 'node:events';
import { AGENT_NAMESPACE, BOOTSTRAP_SECRET } from '../lib/apis/agent.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { messageOf } from '../lib/errors.ts';
import { BOOTSTRAP_SELECTOR, managementAccess, type ManagementAccess } from './access.ts';
import { bootstrapOf, type Bootstrap } from './bootstrap.ts';
import { type AgentWorld, runSession } from './session.ts';

const SECRETS = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE };

interface Current {
  /** The bootstrap Secret without its token. */
  readonly place: string;
  readonly management: ManagementAccess;
  readonly end: AbortController;
}

/**
 * runAgent watches the bootstrap Secret and runs a session for the cluster that it names, until the
 * signal. A new token replaces the old one in place; a change of endpoint, CA or cluster starts a new
 * session. `onWork` is called when a session has started.
 */
export async function runAgent(world: AgentWorld, onWork: () => void): Promise<void> {
  const { local, log, signal } = world;
  const sessions = new Set<Promise<void>>();
  let current: Current | undefined;

  function follow(bootstrap: Bootstrap): void {
    const { token, ...rest } = bootstrap;
    const place = JSON.stringify(rest);
    if (current?.place === place) {
      current.management.renewed(token);
      return;
    }
    current?.end.abort();
    const management = managementAccess(bootstrap, world.userAgent);
    const end = new AbortController();
    current = { place, management, end };
    log.info(
      { namespace: rest.namespace, cluster: rest.cluster, at: rest.endpoint },
      'session started',
    );
    const until = AbortSignal.any([signal, end.signal]);
    // Every watch and every loop adds a listener; Node warns above ten.
    setMaxListeners(0, until);
    const work = runSession(world, { bootstrap, management }, until);
    sessions.add(work);
    onWork();
    void work.finally(() => sessions.delete(work));
  }

  function take(secret: KubeObject): void {
    try {
      follow(bootstrapOf(secret));
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'bootstrap Secret is invalid');
    }
  }

  await local.api.watch(
    SECRETS,
    ({ type, object }) => {
      if (type === 'ADDED' || type === 'MODIFIED') take(object);
    },
    {
      ...BOOTSTRAP_SELECTOR,
      signal,
      onError: (error) => log.info({ error: messageOf(error) }, `waiting for ${BOOTSTRAP_SECRET}`),
    },
  );
  await Promise.allSettled(sessions);
}
