import { MaggError, throwIfAborted } from '../base/index.js';

/** When to try again: only failures marked retryable, at growing distances. */
export interface RetryPolicy {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  /** Seconds before attempt `attempt` (2, 3, ...). */
  readonly delayS: (attempt: number) => number;
  /** Waits; injected so that tests turn the clock by hand. */
  readonly sleep: (seconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** The result of the first attempt that succeeds; else the error of the last. `onRetry` hears of each further attempt. */
export async function withRetry<T>(
  task: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  onRetry: (attempt: number, error: MaggError) => void
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof MaggError) || !error.retryable || attempt >= policy.attempts) throw error;
      onRetry(attempt + 1, error);
      await policy.sleep(policy.delayS(attempt + 1), signal);
    }
  }
}

/** 0.5, 1, 2 ... seconds, each with up to half as much again so that many readers do not come back at once. */
export const backOff = (random: () => number) => (attempt: number): number => 0.25 * 2 ** (attempt - 1) * (1 + 0.5 * random());
