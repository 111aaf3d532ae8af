import type { CliHost } from './cli-host.js';

const LEAST_MS_BETWEEN = 80;

/** A line on the terminal that says how far something has come; nothing elsewhere. */
export class Counter {
  readonly #host: Pick<CliHost, 'err' | 'columns'>;
  #drawnAt = -Infinity;
  #isDrawn = false;

  constructor(host: Pick<CliHost, 'err' | 'columns'>) {
    this.#host = host;
  }

  show(text: string): void {
    const columns = this.#host.columns();
    const now = performance.now();
    if (columns === undefined || now - this.#drawnAt < LEAST_MS_BETWEEN) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    this.#host.err(`\r${text.slice(0, columns - 1)}\x1b[K`);
  }

  /** Clears the line; idempotent. */
  end(): void {
    if (this.#isDrawn) this.#host.err('\r\x1b[K');
    this.#isDrawn = false;
  }
}
