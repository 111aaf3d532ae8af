import type { RunEvent } from '../../runner/index.js';
import { printable, type CliHost } from './cli-host.js';
import { progressBar } from './progress-bar.js';
import { formatNumber } from './summary-text.js';

const LEAST_MS_BETWEEN = 80;
/** One bad granule can fail thousands of cells. */
const MOST_CELL_LINES = 20;

/** What a person sees of a run: a bar on a terminal; there and elsewhere a line for everything that went wrong. */
export class Progress {
  readonly #host: Pick<CliHost, 'err' | 'columns'>;
  readonly #started = performance.now();
  #groups = 0;
  #groupsDone = 0;
  #cells = 0;
  #cellsDone = 0;
  #failed = 0;
  #lastFailure = '';
  #drawnAt = 0;
  #isDrawn = false;

  constructor(host: Pick<CliHost, 'err' | 'columns'>) {
    this.#host = host;
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
        this.#line(`${whole(event)}: attempt ${event.attempt}: ${event.message}`);
        break;
      case 'granule-finished':
        this.#groupsDone++;
        break;
      case 'granule-failed':
        this.#groupsDone++;
        // A granule that cannot be opened fails once per group, with one cause.
        if (event.message !== this.#lastFailure) this.#line(`${whole(event)}: ${event.message}`);
        this.#lastFailure = event.message;
        break;
      case 'cells-planned':
        this.#cells = event.selected;
        break;
      case 'cell-finished':
      case 'cell-current':
      case 'cell-empty':
        this.#cellsDone++;
        break;
      case 'cell-failed':
        this.#cellsDone++;
        this.#failed++;
        if (this.#failed <= MOST_CELL_LINES) {
          this.#line(event.granule === null ? `cell ${event.cell} failed: ${event.message}` : `cell ${event.cell} failed: it lacks rows of ${whole({ granule: event.granule, group: event.group })}`);
        }
        break;
      case 'run-finished':
      case 'run-cancelled':
        if (this.#failed > MOST_CELL_LINES) this.#line(`${formatNumber(this.#failed - MOST_CELL_LINES)} more cells failed; the journal beside the store names them`);
        return;
      case 'granule-started':
      case 'cell-started':
        return;
    }
    this.#draw();
  }

  /** Clears the bar; idempotent. */
  end(): void {
    if (this.#isDrawn) this.#host.err('\r\x1b[K');
    this.#isDrawn = false;
  }

  #line(text: string): void {
    this.end();
    this.#host.err(`${printable(text)}\n`);
  }

  #draw(): void {
    const columns = this.#host.columns();
    if (columns === undefined) return;
    const now = performance.now();
    if (this.#isDrawn && now - this.#drawnAt < LEAST_MS_BETWEEN) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const standing = { groups: this.#groups, groupsDone: this.#groupsDone, cells: this.#cells, cellsDone: this.#cellsDone, failed: this.#failed, elapsedS: (now - this.#started) / 1000 };
    this.#host.err(`\r${progressBar(standing, columns)}\x1b[K`);
  }
}

const whole = ({ granule, group }: { readonly granule: string; readonly group: string | null }): string => (group === null ? granule : `${granule} ${group}`);
