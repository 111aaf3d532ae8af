import { MaggError, type JsonValue } from '../base/index.js';

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
// Strings that can be cut out of the text as they are; JSON forbids bare control characters.
const PLAIN = /[ !#-[\]-\uffff]*/y;

/**
 * Reads JSON in the order of the text, piece by piece: JSON.parse puts keys such as `4441321` first. Strict (RFC 8259),
 * also about a key that stands twice in an object. Every error is a MaggError with the tag given, and names line and column.
 */
export class JsonReader {
  readonly #text: string;
  readonly #tag: string;
  readonly #what: string;
  #at = 0;

  /** @param what the document, for messages, such as `the catalog` */
  constructor(text: string, tag: string, what: string) {
    this.#text = text;
    this.#tag = tag;
    this.#what = what;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  /** Offset of the next piece. */
  get offset(): number {
    this.#skipBlank();
    return this.#at;
  }

  /** An error at an offset of the text, by default at the next piece. */
  error(message: string, offset: number = this.offset): MaggError {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    return new MaggError(this.#tag, `${this.#what}, line ${line}, column ${column}: ${message}`);
  }

  /** Calls `member` with each key and its offset; it must read the value. */
  readObject(member: (key: string, offset: number) => void): void {
    this.#expect(0x7b, 'an object');
    if (this.#take(0x7d)) return;
    const seen = new Set<string>();
    do {
      const offset = this.offset;
      const key = this.readString('a key in double quotes');
      if (seen.has(key)) throw this.error(`the key ${quote(key)} stands twice in one object; remove one`, offset);
      seen.add(key);
      this.#expect(0x3a, `a colon after the key ${quote(key)}`);
      member(key, offset);
    } while (this.#take(0x2c));
    this.#expect(0x7d, 'a comma or the end of the object');
  }

  /** Calls `item` before each item; it must read it. */
  readArray(item: () => void): void {
    this.#expect(0x5b, 'a list');
    if (this.#take(0x5d)) return;
    do item();
    while (this.#take(0x2c));
    this.#expect(0x5d, 'a comma or the end of the list');
  }

  readString(expected = 'text in double quotes'): string {
    this.#expect(0x22, expected);
    return this.#stringFrom(this.#at);
  }

  /** A string as its number in a table; one that the table knows is not cut out of the text again. */
  readKnownString(table: StringTable, expected: string): number {
    this.#expect(0x22, expected);
    const from = this.#at;
    const end = this.#text.indexOf('"', from);
    const index = end < 0 ? -1 : table.find(this.#text, from, end);
    if (index < 0) return table.add(this.#stringFrom(from));
    this.#at = end + 1;
    return index;
  }

  /** Any value. Objects are plain ones: their integer keys lose their order. */
  readValue(depth = 0): JsonValue {
    if (depth > MAX_DEPTH) throw this.error(`expected at most ${MAX_DEPTH} nested values`);
    this.#skipBlank();
    const code = this.#text.charCodeAt(this.#at);
    if (code === 0x7b) {
      const entries: [string, JsonValue][] = [];
      this.readObject(key => entries.push([key, this.readValue(depth + 1)]));
      return Object.fromEntries(entries);
    }
    if (code === 0x5b) {
      const items: JsonValue[] = [];
      this.readArray(() => items.push(this.readValue(depth + 1)));
      return items;
    }
    if (code === 0x22) return this.readString();
    const word = this.#match(WORD);
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    const from = this.#at;
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      const value = Number(number);
      if (!Number.isFinite(value)) throw this.error(`the number ${quote(number)} is beyond float64, which reaches 1.8e308`, from);
      return value;
    }
    throw this.#unexpected('a value');
  }

  /** Throws when anything but blanks follows. */
  readEnd(): void {
    if (this.offset < this.#text.length) throw this.error(`expected the end of the document, found ${quote(this.#text.slice(this.#at, this.#at + 20))}`);
  }

  /** The string whose opening quote stands before `from`. */
  #stringFrom(from: number): string {
    const text = this.#text;
    let at = from;
    let escapes = false;
    for (;;) {
      PLAIN.lastIndex = at;
      PLAIN.test(text);
      at = PLAIN.lastIndex;
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (at >= text.length) {
        this.#at = text.length;
        throw this.#unexpected('the end of a text in double quotes');
      }
      if (code !== 0x5c) throw this.error(`a text holds the control character ${code}, which must be written as an escape`, at);
      escapes = true;
      at += 2;
    }
    this.#at = at + 1;
    // A slice would keep the whole text in memory for as long as it lives.
    if (!escapes) return ` ${text.slice(from, at)}`.slice(1);
    try {
      return JSON.parse(text.slice(from - 1, at + 1)) as string;
    } catch (cause) {
      throw Object.assign(this.error('a text holds an escape that JSON does not have', from - 1), { cause });
    }
  }

  #skipBlank(): void {
    const text = this.#text;
    let at = this.#at;
    for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = text.charCodeAt(at)) at++;
    this.#at = at;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #take(code: number): boolean {
    this.#skipBlank();
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #expect(code: number, expected: string): void {
    if (!this.#take(code)) throw this.#unexpected(expected);
  }

  #unexpected(expected: string): MaggError {
    if (this.#at >= this.#text.length) return this.error(`expected ${expected}, but the document is cut off here`);
    return this.error(`expected ${expected}, found ${quote(this.#text.slice(this.#at, this.#at + 20))}`);
  }
}

/** Strings by number, recognised where they stand in a text. */
export interface StringTable {
  /** Number of the known string that equals the text from `from` to `end`, or -1. Never one that holds a backslash: it would be an escape. */
  find(text: string, from: number, end: number): number;
  /** Number of a string, new or known. */
  add(value: string): number;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
