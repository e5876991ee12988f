import type { KubeApi } from '../kube/api.ts';
import { LeadershipLostError } from './leader-election.ts';

/**
 * The same API server for a process that may write only while it is the leader: a process that was
 * suspended (a suspended machine, a paused container) continues before any timer tells it that another
 * process is the leader by now. Reads are always allowed.
 */
export function whileLeading(api: KubeApi, leads: () => boolean): KubeApi {
  function checked<Answer>(write: () => Promise<Answer>): Promise<Answer> {
    if (leads()) return write();
    return Promise.reject(new LeadershipLostError('cannot write: this replica is not the leader'));
  }
  return {
    get: (ref) => api.get(ref),
    list: (type, options) => api.list(type, options),
    watch: (type, onEvent, options) => api.watch(type, onEvent, options),
    create: (object, options) => checked(() => api.create(object, options)),
    replace: (object, options) => checked(() => api.replace(object, options)),
    apply: (object, options) => checked(() => api.apply(object, options)),
    patch: (ref, patch, options) => checked(() => api.patch(ref, patch, options)),
    delete: (ref, options) => checked(() => api.delete(ref, options)),
    raw: (method, path, body) =>
      method === 'GET' ? api.raw(method, path) : checked(() => api.raw(method, path, body)),
  };
}
