import type { RunEvent } from '../../runner/index.js';
import { formatNumber } from './summary-text.js';

const WIDTH = 24;
const LEAST_MS_BETWEEN = 80;

/** A progress bar on a terminal; elsewhere only what went wrong is printed, a line each. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #groups = 0;
  #groupsDone = 0;
  #cells = 0;
  #cellsDone = 0;
  #failed = 0;
  #drawn = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(event: RunEvent): void {
    switch (event.type) {
      case 'run-started':
        this.#groups = event.counts.granules * event.counts.groups;
        break;
      case 'run-notice':
        this.#line(event.message);
        break;
      case 'granule-retried':
        this.#line(`${event.granule}${event.group === null ? '' : ` ${event.group}`}: attempt ${event.attempt}: ${event.message}`);
        break;
      case 'granule-finished':
        this.#groupsDone++;
        break;
      case 'granule-failed':
        this.#groupsDone++;
        this.#line(`${event.granule}${event.group === null ? '' : ` ${event.group}`}: ${event.message}`);
        break;
      case 'cells-planned':
        this.#cells = event.selected;
        break;
      case 'cell-finished':
      case 'cell-empty':
        this.#cellsDone++;
        break;
      case 'cell-failed':
        this.#cellsDone++;
        this.#failed++;
        this.#line(event.granule === null ? `cell ${event.cell} failed: ${event.message}` : `cell ${event.cell} failed: it lacks rows of ${event.granule}${event.group === null ? '' : ` ${event.group}`}`);
        break;
      case 'granule-started':
      case 'cell-started':
      case 'run-finished':
      case 'run-cancelled':
        return;
    }
    this.#draw();
  }

  /** Clears the bar. */
  end(): void {
    if (this.#out.isTTY && this.#drawn > 0) this.#out.write('\r\x1b[K');
  }

  #line(text: string): void {
    this.end();
    this.#out.write(`${text}\n`);
  }

  #draw(): void {
    if (!this.#out.isTTY) return;
    const now = performance.now();
    if (now - this.#drawn < LEAST_MS_BETWEEN) return;
    this.#drawn = now;
    // Reading is most of the work: the bar gives it four fifths.
    const read = this.#groups > 0 ? Math.min(1, this.#groupsDone / this.#groups) : 0;
    const share = this.#cells > 0 ? 0.8 + (0.2 * this.#cellsDone) / this.#cells : 0.8 * read;
    const full = Math.round(WIDTH * share);
    const what = this.#cells > 0 ? `${formatNumber(this.#cellsDone)}/${formatNumber(this.#cells)} cells` : `${formatNumber(this.#groupsDone)}/${formatNumber(this.#groups)} groups read`;
    this.#out.write(`\r${'▓'.repeat(full)}${'░'.repeat(WIDTH - full)} ${what}${this.#failed > 0 ? `, ${this.#failed} failed` : ''}\x1b[K`);
  }
}
