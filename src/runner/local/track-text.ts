/**
 * Whole numbers from 0 as text, without gaps between them: digits of five bits, the lowest first, in the alphabet of
 * base64url; in all digits but the last of a number the bit of 32 is set.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const MORE = 32;
/** Enough for 2^35. */
const MAX_DIGITS = 7;

const CODES = Uint8Array.from(ALPHABET, letter => letter.charCodeAt(0));
/** Digits by character; 255: none. */
const DIGITS = new Uint8Array(128).fill(255);
CODES.forEach((code, digit) => (DIGITS[code] = digit));

/** Writes numbers below 2^35. */
export class TrackWriter {
  #codes = new Uint8Array(1024);
  #used = 0;

  add(value: number): void {
    if (this.#used + MAX_DIGITS > this.#codes.length) {
      const more = new Uint8Array(2 * this.#codes.length);
      more.set(this.#codes);
      this.#codes = more;
    }
    let rest = value;
    for (; rest >= MORE; rest = Math.floor(rest / MORE)) this.#codes[this.#used++] = CODES[MORE | rest % MORE]!;
    this.#codes[this.#used++] = CODES[rest]!;
  }

  text(): string {
    return new TextDecoder().decode(this.#codes.subarray(0, this.#used));
  }
}

/** Reads them again; the text may be any. */
export class TrackReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next number; -1 where the text holds none. */
  next(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < MAX_DIGITS; i++, unit *= MORE) {
      const code = this.#at < this.#text.length ? this.#text.charCodeAt(this.#at++) : 128;
      const digit = code < 128 ? DIGITS[code]! : 255;
      if (digit === 255) return -1;
      value += (digit & (MORE - 1)) * unit;
      if (digit < MORE) return value;
    }
    return -1;
  }
}
