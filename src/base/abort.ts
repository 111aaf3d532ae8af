import { MaggError } from './errors.js';

/** Every I/O call takes one of these. */
export interface Abortable {
  readonly signal?: AbortSignal | undefined;
}

/** Throws the tag `cancelled` when the signal is aborted; call it after every await that may take long. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MaggError('cancelled', 'the run was cancelled', { cause: signal.reason });
}
