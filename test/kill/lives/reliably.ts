import { waitFor } from '@managed-cluster/toolchain';

/** reliably does something again until it succeeds: API servers are killed meanwhile. */
export async function reliably<T>(what: string, act: () => Promise<T>): Promise<T> {
  const { value } = await waitFor({
    what,
    timeoutMs: 90_000,
    intervalMs: 250,
    look: async () => ({ value: await act() }),
  });
  return value;
}
