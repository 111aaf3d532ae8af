import type { MaggError } from '../base/index.js';

const ALL_ONES = 0xffffffff;
const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');

/** Text up to the first NUL. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/**
 * Reads little-endian fields one after the other. Every read is checked against the end of the bytes; numbers above 2^53
 * and reads beyond the end throw what `damaged` makes.
 */
export class ByteCursor {
  at = 0;

  constructor(
    readonly bytes: Uint8Array,
    private readonly damaged: (what: string) => MaggError
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  #take(length: number): number {
    const from = this.at;
    if (length > this.bytes.length - from) throw this.damaged(`a structure of ${this.bytes.length} bytes ends before its field at ${from}`);
    this.at = from + length;
    return from;
  }

  u8(): number {
    return this.bytes[this.#take(1)]!;
  }

  u16(): number {
    const from = this.#take(2);
    return this.bytes[from]! | (this.bytes[from + 1]! << 8);
  }

  u32(): number {
    const from = this.#take(4);
    return (this.bytes[from]! | (this.bytes[from + 1]! << 8) | (this.bytes[from + 2]! << 16) | (this.bytes[from + 3]! << 24)) >>> 0;
  }

  /** A length or count of 8 bytes. */
  u64(): number {
    return this.#whole(this.u32(), this.u32());
  }

  /** A file address, undefined where the file says "undefined" (all bits set). */
  address(): number | undefined {
    const low = this.u32();
    const high = this.u32();
    return low === ALL_ONES && high === ALL_ONES ? undefined : this.#whole(low, high);
  }

  /** An unsigned number of `width` bytes, 1 to 8. */
  uint(width: number): number {
    const from = this.#take(width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + this.bytes[from + i]!;
    if (value > Number.MAX_SAFE_INTEGER) throw this.damaged(`a number of ${width} bytes is above 2^53`);
    return value;
  }

  slice(length: number): Uint8Array {
    const from = this.#take(length);
    return this.bytes.subarray(from, from + length);
  }

  skip(length: number): this {
    this.#take(length);
    return this;
  }

  text(length: number): string {
    return textOf(this.slice(length));
  }

  /** Throws unless the next bytes are this signature. */
  expect(signature: string): this {
    const found = latin1.decode(this.slice(signature.length));
    if (found === signature) return this;
    throw this.damaged(`expected the signature ${signature}, found ${JSON.stringify(found)}`);
  }

  #whole(low: number, high: number): number {
    if (high >= 0x200000) throw this.damaged('a number of 8 bytes is above 2^53');
    return low + high * 4294967296;
  }
}
