/** What every error of magg can say about the place it speaks of. All fields are JSON-safe. */
export interface ErrorContext {
  readonly granule?: string;
  readonly group?: string;
  readonly dataset?: string;
  readonly file?: string;
  readonly cell?: string;
}

export interface MaggErrorOptions extends ErrorOptions {
  readonly context?: ErrorContext;
  /** True when the same call may succeed later: a dropped connection, a busy disk. Default false. */
  readonly retryable?: boolean;
}

/**
 * The one error class. `tag` is a literal that programs test, `message` says what was expected, what was
 * found, where, and what to do.
 */
export class MaggError extends Error {
  readonly tag: string;
  readonly context: ErrorContext;
  readonly retryable: boolean;

  constructor(tag: string, message: string, options: MaggErrorOptions = {}) {
    super(message, options);
    this.name = 'MaggError';
    this.tag = tag;
    this.context = options.context ?? {};
    this.retryable = options.retryable ?? false;
  }
}

/** An error as data, for messages between threads, events and logs. */
export interface ErrorRecord {
  readonly tag: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly context: ErrorContext;
}

/** Any thrown value as an {@link ErrorRecord}; values that are no MaggError get the tag `internal`. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof MaggError) {
    const { tag, message, retryable, context } = thrown;
    return { tag, message, retryable, context };
  }
  return { tag: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown), retryable: false, context: {} };
}

/** The inverse of {@link toErrorRecord}. */
export function fromErrorRecord({ tag, message, retryable, context }: ErrorRecord): MaggError {
  return new MaggError(tag, message, { retryable, context });
}
