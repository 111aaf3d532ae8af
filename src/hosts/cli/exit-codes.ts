import type { RunSummary } from '../../runner/index.js';

/** What scripts can rely on. */
export const EXIT = {
  /** Every cell finished or empty. */
  ok: 0,
  /** No cell was written, or the run itself broke; a store is damaged. */
  failed: 1,
  /** Of `magg diff`, as `diff` has it. */
  different: 1,
  /** Nothing was started: wrong usage, a bad config, a store that must not be replaced. */
  refused: 2,
  /** At least one cell was written, or keeps the values of an earlier run, and at least one failed or is unaccounted for. */
  partial: 3,
  /** Ctrl-C. */
  cancelled: 130
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a run that came to an end. */
export function exitCodeOf({ outcome }: RunSummary): ExitCode {
  switch (outcome) {
    case 'complete':
      return EXIT.ok;
    case 'partial':
      return EXIT.partial;
    case 'failed':
      return EXIT.failed;
    case 'cancelled':
      return EXIT.cancelled;
  }
}

/** Tags of errors that come before any work: they end the program with {@link EXIT.refused}. */
export const REFUSALS: ReadonlySet<string> = new Set([
  'usage', 'config', 'expression-invalid', // words of the command line, the config
  'bad-catalog', 'no-granules', 'bad-pattern', 'duplicate-granule', 'driver', // what is to be read
  'parent-order', 'order', 'unknown-cell', 'morton', 'cell', 'needs-catalog', // which cells
  'store-differs', 'would-shrink', 'bad-journal', 'not-a-store', 'no-store', 'store-not-writable', 'bad-layout', 'locked', // where to write
  'not-compared' // of magg diff
]);
