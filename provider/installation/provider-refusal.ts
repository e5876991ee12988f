import { causesOf } from '../../lib/errors.ts';

/** ProviderRefusedError says that a provider of the management side is not copied into clusters. */
export class ProviderRefusedError extends Error {
  override readonly name = 'ProviderRefusedError';
  readonly reason: 'ProviderNotTrusted' | 'ProviderNotRestricted';

  constructor(reason: ProviderRefusedError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** refusedProviderIn returns the {@link ProviderRefusedError} among an error and its causes. */
export function refusedProviderIn(error: unknown): ProviderRefusedError | undefined {
  return causesOf(error).find((cause) => cause instanceof ProviderRefusedError);
}
