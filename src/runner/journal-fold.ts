import type { RunEvent } from './events.js';
import type { CellRecord, JournalRecord, RunRecord } from './journal-record.js';
import { takeCheck, type CheckedGranule } from './rows-outside.js';

export type ReadEvent = Extract<RunEvent, { readonly type: 'granule-started' | 'granule-finished' | 'granule-failed' | 'granule-retried' }>;

export interface FoldOptions {
  /** Hears of every event of a granule, with the number of the run; without it they are passed over unread. */
  readonly onRead?: (run: number, event: ReadEvent) => void;
  /** Hears of every other event but `cell-started`. */
  readonly onEvent?: (run: number, event: RunEvent) => void;
}

type OpenRun = { -readonly [K in keyof RunRecord]: RunRecord[K] };

const LINE_END = 10;
/** Where a line of a granule, and no other, has a `g`: `{"type":"granule-...`. */
const KIND_AT = 9;
const OF_GRANULE = 0x67;
/** A granule's line before its list of cells fits into this many bytes. */
const HEAD_BYTES = 1024;
/** Half of the lines of cells are of this kind: they are not parsed. */
const STARTED = /^\{"type":"cell-started","cell":"(-?\d+)"\}$/;
/** Lines are decoded together up to this size: a call of the decoder costs more than a line. */
const BLOCK_BYTES = 1 << 20;

/**
 * Adds up the records of runs, which may come in pieces of any size: what is no whole line yet waits for the next piece. Bytes,
 * since the lines of granules are most of a journal and need not even be decoded.
 */
export class JournalFold {
  readonly #options: FoldOptions;
  readonly #decoder = new TextDecoder();
  readonly #cells = new Map<string, CellRecord>();
  readonly #runs: OpenRun[] = [];
  #isReplacing = false;
  #outside = new Map<string, number>();
  readonly #checked = new Map<string, CheckedGranule>();
  /** The record of every cell that the run with this plan has begun. */
  #started: CellRecord = { outcome: 'started', planId: '', obs: 0, cellsWithData: 0, hash: undefined, error: undefined };
  #rest: Uint8Array = new Uint8Array(0);

  constructor(options: FoldOptions = {}) {
    this.#options = options;
  }

  /** The record of the next run; that of the one before has ended. */
  begin(name: string): void {
    this.end();
    this.#runs.push({ name, planId: undefined, cellsPlanned: 0, cellsSelected: 0, ended: undefined, damagedLines: 0 });
  }

  /** The next piece of the run's record. */
  add(piece: Uint8Array): void {
    const bytes = this.#rest.length > 0 ? joined(this.#rest, piece) : piece;
    const last = bytes.lastIndexOf(LINE_END) + 1;
    this.#addLines(bytes.subarray(0, last));
    this.#rest = bytes.slice(last);
  }

  /** Nobody writes the record of the run any more: its last line may lack its end, and counts if it can be read. */
  end(): void {
    const text = this.#decoder.decode(this.#rest);
    this.#rest = new Uint8Array(0);
    const event = text === '' ? undefined : parseEvent(text);
    if (event) this.#take(event);
  }

  /** The sum so far; it changes when more is added. */
  record(): JournalRecord {
    return { runs: this.#runs, cells: this.#cells, isReplacing: this.#isReplacing, outside: this.#outside, checked: this.#checked };
  }

  /** Whole lines. */
  #addLines(bytes: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(LINE_END, at) + 1;
      const isOfGranule = bytes[at + KIND_AT] === OF_GRANULE;
      if (isOfGranule || end - from > BLOCK_BYTES) {
        this.#addBlock(bytes.subarray(from, isOfGranule ? at : end));
        from = end;
      }
      if (isOfGranule && this.#options.onRead) this.#addRead(bytes.subarray(at, end), this.#options.onRead);
      at = end;
    }
    this.#addBlock(bytes.subarray(from));
  }

  #addBlock(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const text = this.#decoder.decode(bytes);
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', from);
      const line = text.slice(from, end);
      const cell = STARTED.exec(line)?.[1];
      if (cell !== undefined) this.#start(cell);
      else this.#takeLine(line);
      from = end + 1;
    }
  }

  #start(cell: string): void {
    const { planId } = this.#runs.at(-1)!;
    if (planId === undefined) return;
    if (this.#started.planId !== planId) this.#started = { ...this.#started, planId };
    this.#cells.set(cell, this.#started);
  }

  #takeLine(line: string): void {
    const event = parseEvent(line);
    if (event) this.#take(event);
    else this.#runs.at(-1)!.damagedLines++;
  }

  /** The list of cells is the long part of such a line, and is not wanted. */
  #addRead(line: Uint8Array, onRead: (run: number, event: ReadEvent) => void): void {
    const head = this.#decoder.decode(line.subarray(0, HEAD_BYTES));
    const end = head.indexOf(',"cells":[');
    const event = end < 0 ? parseEvent(this.#decoder.decode(line)) : parseEvent(`${head.slice(0, end)},"cells":[]}`);
    if (event) onRead(this.#runs.length - 1, event as ReadEvent);
    else this.#runs.at(-1)!.damagedLines++;
  }

  #take(event: RunEvent): void {
    const run = this.#runs.at(-1)!;
    this.#options.onEvent?.(this.#runs.length - 1, event);
    switch (event.type) {
      case 'cells-planned':
        run.planId = event.planId;
        run.cellsPlanned = event.cells;
        run.cellsSelected = event.selected;
        this.#outside = new Map(event.outside);
        if (event.replaces) {
          this.#cells.clear();
          this.#checked.clear();
          this.#isReplacing = true;
        }
        for (const [granule, listing] of event.checked ?? []) this.#checked.set(granule, { listing, rows: this.#outside.get(granule) ?? 0 });
        return;
      case 'run-finished':
      case 'run-cancelled':
        if (run.planId !== undefined && (event.summary.outcome === 'complete' || event.summary.outcome === 'partial')) this.#isReplacing = false;
        run.ended = { how: event.type === 'run-finished' ? 'finished' : 'cancelled', summary: event.summary };
        return;
      case 'cell-started':
        this.#start(event.cell);
        return;
      case 'catalog-checked':
        takeCheck(this.#outside, event);
        if (event.isWhole) this.#checked.set(event.granule, { listing: event.listing, rows: event.rowsOutsidePlan });
        return;
      default:
        if (run.planId !== undefined) recordCell(this.#cells, event, run.planId);
    }
  }
}

/** Takes what an event says of a cell into the records; other events say nothing. */
export function recordCell(cells: Map<string, CellRecord>, event: RunEvent, planId: string): void {
  switch (event.type) {
    case 'cell-started':
      cells.set(event.cell, { outcome: 'started', planId, obs: 0, cellsWithData: 0, hash: undefined, error: undefined });
      return;
    case 'cell-finished':
      cells.set(event.cell, { outcome: event.isWhole ? 'data' : 'partial', planId, obs: event.obs, cellsWithData: event.cellsWithData, hash: event.hash, error: undefined, ...(event.overviews ? { overviews: event.overviews } : {}), ...(event.without ? { without: event.without } : {}) });
      return;
    case 'cell-empty':
      cells.set(event.cell, { outcome: 'empty', planId, obs: 0, cellsWithData: 0, hash: undefined, error: undefined, ...(event.reason === 'no-rows' ? { isBare: true } : {}) });
      return;
    case 'cell-failed': {
      const { tag, message, granule, group, kept } = event;
      const error = { tag, message, granule, group };
      cells.set(event.cell, kept ? { outcome: 'outdated', ...kept, error } : { outcome: 'failed', planId, obs: 0, cellsWithData: 0, hash: undefined, error });
      return;
    }
    case 'cell-current': {
      const known = cells.get(event.cell);
      if (known) cells.set(event.cell, { ...known, planId });
      return;
    }
    case 'run-started':
    case 'run-notice':
    case 'cells-planned':
    case 'granule-started':
    case 'granule-finished':
    case 'granule-failed':
    case 'granule-retried':
    case 'catalog-checked':
    case 'run-finished':
    case 'run-cancelled':
      return;
  }
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    const value = JSON.parse(line) as RunEvent | null;
    return typeof value === 'object' && typeof value?.type === 'string' ? value : undefined;
  } catch {
    // Cut off or damaged: the caller counts it.
    return undefined;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
