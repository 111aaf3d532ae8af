import { mergeRanges, throwIfAborted, type Abortable, type ByteRange, type MaggError } from '../base/index.js';
import type { RangeSource } from '../io/index.js';
import { ByteCursor } from './byte-cursor.js';
import { damagedFile, grouped } from './damage.js';
import { lookup3 } from './lookup3.js';

const PAGE_BYTES = 4096;
/** The first request: superblock, root group and, in small files, all there is. */
const HEAD_BYTES = 65_536;
/**
 * What is read from a missing page on, in all of a round and at one place: structures that are used together lie together,
 * mostly forwards, and a round of requests costs more than bytes. After PATIENT_ROUNDS both double with every round: a file
 * whose structures lead from place to place is soon read as a whole.
 */
const ROUND_BYTES = 786_432;
const MIN_AHEAD_BYTES = 28_672;
const MAX_AHEAD_BYTES = 262_144;
const PATIENT_ROUNDS = 3;
const BEHIND_PAGES = 1;
/** Where a request costs next to nothing: a step forwards, since each round runs its tasks again. */
const NEAR_AHEAD_PAGES = 2;
/** Pages this near are fetched in one request; in an eager round the wide gap counts, as long as the sum stays bearable. */
const GAP_BYTES = 65_536;
const WIDE_GAP_BYTES = 524_288;
const WIDE_ROUND_BYTES = 4_194_304;
/** No structure of a sound file is longer; a longer one would read the whole file by mistake. */
const MAX_STRUCTURE_BYTES = 1 << 26;
const MAX_CACHE_BYTES = 1 << 27;
/** What one question may hold, and fetch ahead at once. */
const MAX_RUN_BYTES = 1 << 29;
const MAX_ROUND_AHEAD_BYTES = 1 << 26;
/**
 * How much one question may look at, in looks and 64 bytes: structures that refer to each other again and again would be
 * followed for ever. A file with a million objects is allowed what it needs by its size.
 */
const MAX_LOOKS = 8_000_000;
const LOOKS_PER_BYTE = 1 / 4;

/** Thrown by a look at pages that are not here yet; never leaves {@link PageCache.run}. */
class Miss extends Error {}
const miss = new Miss();

/**
 * Bytes of a file for a synchronous parser. What is absent is noted and thrown as a miss; {@link run} fetches the misses of
 * all its tasks at once and runs those tasks again. Addresses count from the superblock.
 */
export class PageCache {
  readonly #pages = new Map<number, Uint8Array>();
  readonly #missing = new Set<number>();
  #looks = 0;
  /** Offset of the superblock in the file: what lies before it is the user's. */
  base = 0;

  private constructor(
    readonly source: RangeSource,
    readonly sizeBytes: number
  ) {}

  /** Asks for the size and reads the beginning. */
  static async open(source: RangeSource, options: Abortable): Promise<PageCache> {
    const cache = new PageCache(source, await source.size(options));
    for (let page = 0; page * PAGE_BYTES < Math.min(HEAD_BYTES, cache.sizeBytes); page++) cache.#missing.add(page);
    await cache.#fetch(options);
    return cache;
  }

  get name(): string {
    return this.source.name;
  }

  readonly damaged = (what: string): MaggError => damagedFile(this.name, what);

  /** A cursor over bytes that are here already. */
  reader(bytes: Uint8Array): ByteCursor {
    return new ByteCursor(bytes, this.damaged);
  }

  cursor(address: number, length: number): ByteCursor {
    return new ByteCursor(this.bytes(address, length), this.damaged);
  }

  /** Like {@link cursor}, but shorter where the file ends: for structures whose length stands in themselves. */
  cursorUpTo(address: number, length: number): ByteCursor {
    return this.cursor(address, Math.max(0, Math.min(length, this.sizeBytes - this.base - address)));
  }

  /** A view or copy of the bytes; throws a miss, or `damaged-file` when they reach beyond the file. */
  bytes(address: number, length: number): Uint8Array {
    const from = address + this.base;
    this.#count(length);
    this.#note(from, length);
    if (this.#missing.size > 0 && !this.#has(from, length)) throw miss;
    const first = Math.floor(from / PAGE_BYTES);
    const start = from - first * PAGE_BYTES;
    const page = this.#pages.get(first);
    if (length === 0 || !page) return new Uint8Array(0);
    if (start + length <= page.length) return page.subarray(start, start + length);
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = from + done;
      const index = Math.floor(at / PAGE_BYTES);
      const piece = this.#pages.get(index)!.subarray(at - index * PAGE_BYTES);
      out.set(piece.subarray(0, length - done), done);
      done += piece.length;
    }
    return out;
  }

  /** Whether bytes can be looked at without a request. */
  isHere(address: number, length: number): boolean {
    return address + this.base + length <= this.sizeBytes && this.#has(address + this.base, length);
  }

  /** Throws `damaged-file` unless the four bytes after these are their checksum. */
  assertSum(address: number, length: number): void {
    const bytes = this.bytes(address, length + 4);
    if (lookup3(bytes.subarray(0, length)) !== this.reader(bytes.subarray(length)).u32()) throw this.damaged(`the structure at ${grouped(address)} does not fit its checksum`);
  }

  /**
   * Throws a miss unless all of `ranges` are here, so that they come in one round, and with them `hints`: what will probably
   * be asked for next, where it would cost a round of its own.
   */
  want(ranges: readonly ByteRange[], hints: readonly ByteRange[] = []): void {
    this.#count(64 * ranges.length);
    for (const { offset, length } of ranges) this.#note(offset + this.base, length);
    if (ranges.every(({ offset, length }) => this.#has(offset + this.base, length))) return;
    for (const { offset, length } of hints) if (offset + this.base + length <= this.sizeBytes) this.#note(offset + this.base, length);
    throw miss;
  }

  /**
   * Results of the tasks; each is run again, from its start, until it misses nothing. Throws `damaged-file` when they look at
   * more than any sound file has; with `isMore` that counts on from the call before.
   */
  async run<T>(tasks: readonly (() => T)[], options: Abortable, isMore = false): Promise<T[]> {
    if (!isMore) this.#looks = 0;
    if (this.#pages.size * PAGE_BYTES > MAX_CACHE_BYTES) this.#pages.clear();
    const results = new Array<T>(tasks.length);
    let waiting = tasks.map((_, i) => i);
    for (let round = 1; waiting.length > 0; round++) {
      throwIfAborted(options.signal);
      this.#missing.clear();
      waiting = waiting.filter(i => {
        try {
          results[i] = tasks[i]!();
          return false;
        } catch (error) {
          if (error !== miss) throw error;
          return true;
        }
      });
      if (waiting.length > 0) await this.#fetch(options, 2 ** Math.min(20, Math.max(0, round - PATIENT_ROUNDS)));
    }
    return results;
  }

  #count(length: number): void {
    this.#looks += 1 + length / 64;
    if (this.#looks > MAX_LOOKS + LOOKS_PER_BYTE * this.sizeBytes) throw this.damaged('its structures refer to each other again and again');
  }

  #note(from: number, length: number): void {
    if (!(from >= 0 && from + length <= this.sizeBytes)) {
      throw this.damaged(`bytes ${grouped(from)} to ${grouped(from + length)} are referred to, but the file has ${grouped(this.sizeBytes)}`);
    }
    if (length > MAX_STRUCTURE_BYTES) throw this.damaged(`a structure at ${grouped(from)} claims ${grouped(length)} bytes`);
    const last = Math.floor((from + Math.max(length, 1) - 1) / PAGE_BYTES);
    for (let page = Math.floor(from / PAGE_BYTES); page <= last; page++) if (!this.#pages.has(page)) this.#missing.add(page);
  }

  #has(from: number, length: number): boolean {
    const last = Math.floor((from + Math.max(length, 1) - 1) / PAGE_BYTES);
    for (let page = Math.floor(from / PAGE_BYTES); page <= last; page++) if (!this.#pages.has(page)) return false;
    return true;
  }

  async #fetch({ signal }: Abortable, eagerness = 1): Promise<void> {
    const lastPage = Math.ceil(this.sizeBytes / PAGE_BYTES) - 1;
    const wanted = new Set<number>();
    const patient = Math.min(MAX_AHEAD_BYTES, Math.max(MIN_AHEAD_BYTES, ROUND_BYTES / this.#missing.size));
    const ahead = Math.floor(Math.min(eagerness * patient, Math.max(PAGE_BYTES, MAX_ROUND_AHEAD_BYTES / this.#missing.size)) / PAGE_BYTES);
    const isNear = this.source.isNear === true && eagerness === 1;
    const held = (this.#pages.size + this.#missing.size) * PAGE_BYTES;
    if (held > MAX_RUN_BYTES) throw this.damaged(`its structures take more than ${grouped(MAX_RUN_BYTES)} bytes`);
    for (const page of this.#missing) {
      for (let near = Math.max(0, page - (isNear ? 0 : BEHIND_PAGES)); near <= Math.min(lastPage, page + (isNear ? NEAR_AHEAD_PAGES : ahead)); near++) if (!this.#pages.has(near)) wanted.add(near);
    }
    const rangeOf = (page: number): ByteRange => ({ offset: page * PAGE_BYTES, length: Math.min(PAGE_BYTES, this.sizeBytes - page * PAGE_BYTES) });
    const merged = isNear ? mergeRanges([...wanted].map(rangeOf), 0) : joined([...wanted].map(rangeOf), eagerness);
    const answers = await this.source.read(merged, { signal });
    throwIfAborted(signal);
    answers.forEach((bytes, i) => {
      const { offset } = merged[i]!;
      for (let at = 0; at < bytes.length; at += PAGE_BYTES) this.#pages.set((offset + at) / PAGE_BYTES, bytes.subarray(at, at + PAGE_BYTES));
    });
    this.#missing.clear();
  }
}

function joined(pages: readonly ByteRange[], eagerness: number): readonly ByteRange[] {
  const wide = eagerness > 1 ? mergeRanges(pages, WIDE_GAP_BYTES) : [];
  const sum = wide.reduce((bytes, { length }) => bytes + length, 0);
  return sum > 0 && sum <= WIDE_ROUND_BYTES ? wide : mergeRanges(pages, GAP_BYTES);
}
