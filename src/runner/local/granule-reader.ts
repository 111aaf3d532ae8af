import { MaggError, toErrorRecord } from '../../base/index.js';
import type { Hdf5File, Hdf5Index } from '../../hdf5/index.js';
import type { RunEvent } from '../events.js';
import { hasChanged } from '../identity.js';
import type { PlannedGranule } from '../plan.js';
import { badIndex } from './bad-index.js';
import { knownOf, NOTHING_KNOWN, type GranuleIndex, type GranuleIndexStore, type KnownGranule } from './granule-index.js';
import { loadIndex } from './sealed-index.js';

export interface OpenGranuleOptions {
  readonly signal: AbortSignal | undefined;
  /** Of the same content: nothing is asked for that it knows. */
  readonly saved: Hdf5Index | undefined;
}

/** A granule that is open, and what its saved index says of it. */
export interface OpenGranule {
  readonly url: string;
  readonly usesIndex: boolean;
  readonly file: Hdf5File;
  /** Undefined: no indexes are kept, nothing has to be learned. */
  readonly known: KnownGranule | undefined;
}

/** What an index of another content leads to; with such an error the granule is read again without. */
const FAULTS_OF_INDEX = new Set(['granule-changed', 'bad-index', 'damaged-chunk', 'damaged-file']);

/** Keeps one granule open, for its groups come one after the other. */
export class GranuleReader {
  readonly #openFile: (granule: PlannedGranule, options: OpenGranuleOptions) => Promise<Hdf5File>;
  readonly #indexes: GranuleIndexStore | undefined;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #signal: AbortSignal | undefined;
  #open: OpenGranule | undefined;
  /** The granule that was opened last, and the one that could not be opened, with the reason. */
  #reached: string | undefined;
  #unreached: { readonly url: string; readonly error: unknown } | undefined;
  /** Granules whose index is of no use. */
  readonly #refused = new Set<string>();

  /** @param indexes undefined: none are kept */
  constructor(
    host: { readonly openGranule: (granule: PlannedGranule, options: OpenGranuleOptions) => Promise<Hdf5File>; readonly onEvent: (event: RunEvent) => void; readonly signal: AbortSignal | undefined },
    indexes: GranuleIndexStore | undefined
  ) {
    this.#openFile = host.openGranule;
    this.#onEvent = host.onEvent;
    this.#signal = host.signal;
    this.#indexes = indexes;
  }

  /**
   * What `work` makes of the granule. After an error the granule is closed, for the connection may be what is broken; if it
   * was read by a saved index that may be what is wrong, it is read once more without.
   */
  async read<T>(granule: PlannedGranule, work: (open: OpenGranule) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#granule(granule));
    } catch (error) {
      const usedIndex = this.#open?.usesIndex === true;
      await this.close();
      if (!usedIndex || !(error instanceof MaggError) || !FAULTS_OF_INDEX.has(error.tag)) throw error;
      this.#refuse(granule.id, error);
      return this.read(granule, work);
    }
  }

  /**
   * All attempts have failed: if the granule was never opened, its other groups fail at once and for the same reason, for a
   * server that is down costs a minute each time.
   */
  giveUp({ url }: PlannedGranule, error: unknown): void {
    if (this.#reached !== url) this.#unreached = { url, error };
  }

  /** Throws why the granule was given up. */
  assertReachable({ url }: PlannedGranule): void {
    if (this.#unreached?.url === url) throw this.#unreached.error;
  }

  /** Closes the granule; idempotent. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }

  async #granule(granule: PlannedGranule): Promise<OpenGranule> {
    if (this.#open?.url === granule.url) return this.#open;
    this.assertReachable(granule);
    await this.close();
    const { url } = granule;
    const index = await this.#load(granule);
    if (index) {
      try {
        const file = await this.#openFile(granule, { signal: this.#signal, saved: index.hdf5 });
        this.#reached = url;
        return (this.#open = { url, file, known: knownOf(index), usesIndex: true });
      } catch (error) {
        if (!(error instanceof MaggError) || !FAULTS_OF_INDEX.has(error.tag)) throw error;
        this.#refuse(granule.id, error);
      }
    }
    const file = await this.#openFile(granule, { signal: this.#signal, saved: undefined });
    this.#reached = url;
    return (this.#open = { url, file, known: this.#indexes && NOTHING_KNOWN, usesIndex: false });
  }

  async #load(granule: PlannedGranule): Promise<GranuleIndex | undefined> {
    const { id } = granule;
    if (!this.#indexes || this.#refused.has(id)) return undefined;
    try {
      const index = await loadIndex(this.#indexes, id);
      if (!index) return undefined;
      const { sizeBytes, tag } = index.hdf5;
      if (hasChanged({ sizeBytes, tag: tag ?? undefined }, granule)) throw badIndex(id, 'it is of another content of the file');
      return index;
    } catch (error) {
      this.#refuse(id, error);
      return undefined;
    }
  }

  #refuse(id: string, error: unknown): void {
    if (this.#refused.has(id)) return;
    this.#refused.add(id);
    const { tag, message } = toErrorRecord(error);
    // What the file or the source says names no index; and a message may end in what to do.
    const why = tag === 'bad-index' ? message : `the saved index of ${id} cannot be used: ${message}`;
    this.#onEvent({ type: 'run-notice', tag: 'index-ignored', message: `${why.replace(/[.;]$/, '')}; it is made anew` });
  }
}
