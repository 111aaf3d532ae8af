import { granuleId } from './granule-id.js';
import type { StringTable } from './json-reader.js';

const TAIL = 32;
const PROBES = 16;

/**
 * The different granules of a catalog, each once. A catalog names each in tens of cells, so that nearly every string of a
 * large one is found here by its last characters and one native comparison, instead of being made and hashed.
 */
export class GranuleTable implements StringTable {
  /** Paths or URLs as written, by number. */
  readonly texts: string[] = [];
  /** By number of the text: number of its granule id. Several texts may name one granule. */
  readonly idNumbers: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #ids = new Map<string, number>();
  #slots = new Int32Array(1024);

  /** Different granule ids met so far. */
  get idCount(): number {
    return this.#ids.size;
  }

  find(text: string, from: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = tailHash(text, from, end) & mask;
    for (let probe = 0; probe < PROBES; probe++, slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return -1;
      const known = this.texts[number]!;
      // A slice shares the text's memory and is compared natively: four times as fast as startsWith.
      if (known.length === end - from && text.slice(from, end) === known) return number;
    }
    return -1;
  }

  add(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.texts.push(value) - 1;
    this.#numbers.set(value, number);
    const id = granuleId(value);
    const idNumber = this.#ids.get(id) ?? this.#ids.size;
    this.#ids.set(id, idNumber);
    this.idNumbers.push(idNumber);
    if (this.texts.length * 4 > this.#slots.length) {
      this.#slots = new Int32Array(this.#slots.length * 4);
      this.texts.forEach((_, n) => this.#place(n));
    } else this.#place(number);
    return number;
  }

  #place(number: number): void {
    const value = this.texts[number]!;
    // Strings are compared as they stand in the text, where a backslash begins an escape.
    if (value.includes('\\')) return;
    const mask = this.#slots.length - 1;
    let slot = tailHash(value, 0, value.length) & mask;
    for (let probe = 0; probe < PROBES; probe++, slot = (slot + 1) & mask) {
      if (this.#slots[slot] !== 0) continue;
      this.#slots[slot] = number + 1;
      return;
    }
    // No place near: it is found by the map, at the cost of being cut out of the text.
  }
}

/** FNV-1a over the last characters, where granule names differ. */
function tailHash(text: string, from: number, end: number): number {
  let hash = 0x811c9dc5 ^ (end - from);
  for (let i = Math.max(from, end - TAIL); i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
