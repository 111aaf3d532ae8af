import { PairTally, type RunEvent } from '../../runner/index.js';
import { printable, type CliHost } from './cli-host.js';
import { progressBar } from './progress-bar.js';
import { formatNumber } from './summary-text.js';

const LEAST_MS_BETWEEN = 80;
/** One bad granule can fail thousands of cells. */
const MOST_CELL_LINES = 20;
/** A product may have rows without position in every group of every granule. */
const MOST_LOST_LINES = 5;

/** What a person sees of a run: a bar on a terminal; there and elsewhere a line for everything that went wrong. */
export class Progress {
  readonly #host: Pick<CliHost, 'err' | 'columns'>;
  readonly #started = performance.now();
  #groups = 0;
  readonly #pairs = new PairTally();
  #cells = 0;
  #cellsDone = 0;
  #failed = 0;
  #checked = 0;
  /** Groups with rows without position that were told. */
  #lost = 0;
  /** Failed cells that were not listed, since the cause of all is one and the same. */
  #unlisted = 0;
  /** What went wrong with granules, by cause, and how often after it was told. */
  readonly #causes = new Map<string, { more: number; readonly first: string; readonly what: string; readonly failed: Set<string> }>();
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
        if (event.tag !== 'rows-without-position' || ++this.#lost <= MOST_LOST_LINES) this.#line(event.message);
        break;
      case 'granule-retried':
        this.#tellOnce(event, `${whole(event)}: attempt ${event.attempt}: ${event.message}`, 'attempts failed as that at');
        break;
      case 'granule-finished':
        this.#pairs.add(event, event.outcome === 'absent' ? 'absent' : 'read');
        break;
      case 'granule-failed':
        this.#pairs.add(event, 'failed');
        this.#tellOnce(event, `${whole(event)}: ${event.message}`, 'failed as');
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
        if (this.#isOneCause()) this.#unlisted++;
        else if (this.#failed - this.#unlisted <= MOST_CELL_LINES) {
          const why = event.granule === null ? event.message : `it lacks rows of ${whole({ granule: event.granule, group: event.group })}`;
          this.#line(`cell ${event.cell} failed: ${why}${event.kept ? '; the values of an earlier run stay' : ''}`);
        }
        break;
      case 'run-finished':
      case 'run-cancelled':
        this.#tellRest();
        return;
      case 'catalog-checked':
        this.#checked++;
        break;
      case 'granule-started':
      case 'cell-started':
        return;
    }
    this.#draw();
  }

  /** Tells what is left to tell and clears the bar; idempotent. */
  end(): void {
    this.#tellRest();
    this.#clear();
  }

  #clear(): void {
    if (this.#isDrawn) this.#host.err('\r\x1b[K');
    this.#isDrawn = false;
  }

  /** A misspelt dataset fails in every group of every granule, a server that is down at each of its granules: once is enough. */
  #tellOnce(event: Extract<RunEvent, { readonly type: 'granule-failed' | 'granule-retried' }>, text: string, what: string): void {
    const key = `${event.type} ${causeOf(event)}`;
    const known = this.#causes.get(key);
    const name = whole(event);
    if (!known) {
      this.#causes.set(key, { more: 0, first: name, what, failed: new Set([name]) });
      this.#line(text);
    } else if (event.type === 'granule-retried') known.more++;
    else if (!known.failed.has(name)) {
      // Cell by cell one (granule, group) fails for every cell that it crosses.
      known.failed.add(name);
      known.more++;
    }
  }

  /** Everything that was to be read has failed in one way. */
  #isOneCause(): boolean {
    const failures = [...this.#causes].filter(([key]) => key.startsWith('granule-failed'));
    return this.#pairs.failed > 1 && this.#pairs.read === 0 && failures.length === 1;
  }

  #tellRest(): void {
    for (const cause of this.#causes.values()) {
      if (cause.more > 0) this.#line(`${formatNumber(cause.more)} more ${cause.what} ${cause.first}`);
      cause.more = 0;
    }
    if (this.#unlisted > 0) this.#line(`${formatNumber(this.#unlisted)} ${this.#unlisted === 1 ? 'cell' : 'cells'} failed for that reason`);
    const rest = this.#failed - this.#unlisted - MOST_CELL_LINES;
    if (rest > 0) this.#line(`${formatNumber(rest)} more cells failed; the journal beside the store names them`);
    const lost = this.#lost - MOST_LOST_LINES;
    if (lost > 0) this.#line(`${formatNumber(lost)} more ${lost === 1 ? 'group has' : 'groups have'} rows without position; --json and the journal name them`);
    this.#failed = 0;
    this.#unlisted = 0;
    this.#lost = 0;
  }

  #line(text: string): void {
    this.#clear();
    this.#host.err(`${printable(text)}\n`);
  }

  #draw(): void {
    const columns = this.#host.columns();
    if (columns === undefined) return;
    const now = performance.now();
    if (this.#isDrawn && now - this.#drawnAt < LEAST_MS_BETWEEN) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const standing = { groups: this.#groups, groupsDone: this.#pairs.ended, cells: this.#cells, cellsDone: this.#cellsDone, failed: this.#failed, checked: this.#checked, elapsedS: (now - this.#started) / 1000 };
    this.#host.err(`\r${progressBar(standing, columns)}\x1b[K`);
  }
}

const whole = ({ granule, group }: { readonly granule: string; readonly group: string | null }): string => (group === null ? granule : `${granule} ${group}`);

/** The message without what names the granule and the group: equal for equal causes. */
function causeOf({ tag, message, granule, group }: { readonly tag: string; readonly message: string; readonly granule: string; readonly group: string | null }): string {
  const words = message.split(' ').map(word => (word.includes(granule) ? '' : word)).join(' ');
  return `${tag} ${group === null ? words : words.replaceAll(group, '')}`;
}
