import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import type { ChunkCodecs } from '../../src/hdf5/index.js';
import { scriptCodecs } from '../../src/hdf5/codecs.js';
import { zlibCodecs } from '../../src/hdf5/codecs.node.js';
import { wasmCodecs } from '../../src/hdf5/wasm-inflate.js';
import { randomFrom } from '../random.js';

const random = randomFrom(5);
const whole = (below: number): number => Math.floor(random() * below);
const noOther: ChunkCodecs = { inflate: () => { throw new Error('another codec was asked'); } };
const codecs = wasmCodecs(noOther);
const inflate: ChunkCodecs['inflate'] = (bytes, sizeBytes, into) => codecs.inflate(bytes, sizeBytes, into);
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Floats that drift, as coordinates do: literals and matches of three bytes in turn. */
function drifting(count: number): Uint8Array {
  let at = -70;
  return new Uint8Array(Float64Array.from({ length: count }, () => (at += 1e-4 * random())).buffer);
}

/** Pieces of what was there before, from any distance, between new bytes. */
function repeating(length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; ) {
    for (let n = 1 + whole(20); n > 0 && i < length; n--) out[i++] = whole(256) & whole(256);
    const distance = 1 + whole(random() < 0.5 ? Math.min(i, 12) : Math.min(i, 40_000));
    for (let n = 3 + whole(random() < 0.2 ? 2000 : 12); n > 0 && i < length; n--, i++) out[i] = out[i - distance]!;
  }
  return out;
}

const contents: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  'one byte': Uint8Array.of(7),
  zeros: new Uint8Array(200_001),
  noise: Uint8Array.from({ length: 50_003 }, () => whole(256)),
  'few letters': Uint8Array.from({ length: 40_000 }, () => 97 + whole(3)),
  // Codes of up to 15 bits.
  'rare bytes': Uint8Array.from({ length: 70_000 }, () => Math.min(255, Math.floor(-Math.log2(random()) * 9))),
  drifting: drifting(10_000),
  repeating: repeating(300_000)
};
const settings: readonly ZlibOptions[] = [
  ...[0, 1, 6, 9].map(level => ({ level })),
  ...[constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FILTERED].map(strategy => ({ strategy })),
  { windowBits: 9 }, { memLevel: 1 }, { memLevel: 9, level: 9 }
];

test.each(Object.entries(contents))('%s: whatever zlib makes of it comes out again, in memory of its own or where it is told', (_, bytes) => {
  const into = new Uint8Array(bytes.length + 3).fill(1);
  for (const options of settings) {
    const deflated = deflateSync(bytes, options);
    const own = inflate(deflated, bytes.length);
    expect(equal(own, bytes)).toBe(true);
    const placed = inflate(deflated, bytes.length, into);
    expect(placed.buffer).toBe(into.buffer);
    expect(placed.byteOffset).toBe(0);
    expect(equal(placed, bytes)).toBe(true);
    // The first result is nobody else's.
    inflate(deflateSync(new Uint8Array(bytes.length).fill(3)), bytes.length);
    expect(equal(own, bytes)).toBe(true);
    expect([...into.subarray(bytes.length)]).toEqual([1, 1, 1]);
    if (bytes.length > 0) {
      expect(inflate(deflated, bytes.length, new Uint8Array(bytes.length - 1)).buffer.byteLength).toBe(bytes.length);
      expect(() => inflate(deflated, bytes.length - 1)).toThrow(`it gives more than ${bytes.length - 1} bytes`);
    }
    expect(inflate(deflated, bytes.length + 5)).toHaveLength(bytes.length);
    expect(inflate(Buffer.concat([deflated, Buffer.from('what follows')]), bytes.length)).toHaveLength(bytes.length);
  }
});

test('blocks that were flushed, among them empty ones, follow each other', () => {
  const pieces = [drifting(300), new Uint8Array(0), repeating(5000)];
  const raw = pieces.map(piece => deflateSync(piece, { finishFlush: constants.Z_SYNC_FLUSH }));
  // Header of the first, blocks of all, an empty last block, the checksum of everything.
  const whole = Buffer.concat(pieces);
  const stream = Buffer.concat([raw[0]!.subarray(0, 2), ...raw.map(one => one.subarray(2)), Buffer.from([3, 0]), deflateSync(whole).subarray(-4)]);
  expect(equal(inflate(stream, whole.length), whole)).toBe(true);
});

test('every bent or cut stream ends as with zlib: refused, or with the same bytes', () => {
  const sources = [drifting(150), repeating(700), contents['rare bytes']!.subarray(0, 900), contents['few letters']!.subarray(0, 300), contents.noise!.subarray(0, 100)];
  const streams = sources.flatMap(bytes => settings.map(options => ({ size: bytes.length + whole(200), deflated: deflateSync(bytes, options) })));
  const outcomes = { same: 0, refused: 0 };
  for (let n = 0; n < 15_000; n++) {
    const { size, deflated } = streams[n % streams.length]!;
    // Half of them in the tables at the front.
    const bent = new Uint8Array(deflated.subarray(0, random() < 0.1 ? whole(deflated.length + 1) : deflated.length));
    for (let times = 1 + whole(3); times > 0; times--) bent[whole(random() < 0.5 ? Math.min(90, bent.length) : bent.length)]! ^= 1 << whole(8);
    let expected: Uint8Array | undefined;
    try {
      expected = inflateSync(bent, { maxOutputLength: size });
    } catch {
      expected = undefined;
    }
    let found: Uint8Array | undefined;
    try {
      found = inflate(bent, size);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
    if (expected === undefined ? found !== undefined : !found || !equal(found, expected)) throw new Error(`stream ${n}: ${Buffer.from(bent).toString('base64')} of ${size} bytes: zlib ${expected?.length}, ours ${found?.length}`);
    outcomes[expected ? 'same' : 'refused']++;
  }
  expect(outcomes.refused).toBeGreaterThan(10_000);
  expect(outcomes.same).toBeGreaterThan(20);
});

/** Bits as deflate packs them: numbers from the lowest bit, codes from the highest. */
class Bits {
  readonly #bits: number[] = [];
  number(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.#bits.push((value >> i) & 1);
    return this;
  }
  code(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.#bits.push((value >> i) & 1);
    return this;
  }
  /** Lengths of codes 0..18, then those of 257 + literals and of distances, each as a symbol of 0..7 in three bits. */
  dynamic(lengths: readonly number[], distances: readonly number[]): this {
    this.number(1, 1).number(2, 2).number(lengths.length - 257, 5).number(distances.length - 1, 5).number(15, 4);
    // Eight codes of three bits, for 0..7, in the order 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15.
    for (const symbol of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]) this.number(symbol < 8 ? 3 : 0, 3);
    for (const length of [...lengths, ...distances]) this.code(length, 3);
    return this;
  }
  stream(checksum: readonly number[]): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => (bytes[i >> 3]! |= bit << (i & 7)));
    return Uint8Array.of(0x78, 0x9c, ...bytes, ...checksum);
  }
}
const NOTHING = [0, 0, 0, 1];
/** Of one zero. */
const ZERO = [0, 1, 0, 1];
const lengthsOf = (some: Readonly<Record<number, number>>, count = 257): number[] => Array.from({ length: count }, (_, i) => some[i] ?? 0);

const made: readonly (readonly [string, Uint8Array, number | undefined])[] = [
  ['only an end', new Bits().dynamic(lengthsOf({ 256: 1 }), [0]).code(0, 1).stream(NOTHING), 0],
  ['bits that the only code does not have', new Bits().dynamic(lengthsOf({ 256: 1 }), [0]).code(1, 1).number(0, 40).stream(NOTHING), undefined],
  ['an only code of two bits', new Bits().dynamic(lengthsOf({ 256: 2 }), [0]).code(0, 2).stream(NOTHING), undefined],
  ['no end', new Bits().dynamic(lengthsOf({ 0: 1, 1: 1 }), [0]).code(0, 1).number(0, 40).stream(NOTHING), undefined],
  ['codes that leave bits', new Bits().dynamic(lengthsOf({ 0: 2, 256: 1 }), [0]).code(0, 1).stream(NOTHING), undefined],
  ['more codes than bits', new Bits().dynamic(lengthsOf({ 0: 1, 1: 1, 256: 1 }), [0]).code(0, 1).stream(NOTHING), undefined],
  ['one literal', new Bits().dynamic(lengthsOf({ 0: 1, 256: 1 }), [0]).code(0, 1).code(1, 1).stream(ZERO), 1],
  ['a match without distances', new Bits().dynamic(lengthsOf({ 0: 2, 256: 2, 257: 1 }, 258), [0]).code(2, 2).code(0, 1).number(0, 40).stream(ZERO), undefined],
  ['a match with the only distance', new Bits().dynamic(lengthsOf({ 0: 2, 256: 2, 257: 1 }, 258), [1]).code(2, 2).code(0, 1).code(0, 1).code(3, 2).stream([0, 4, 0, 1]), 4],
  ['a match with bits that are no distance', new Bits().dynamic(lengthsOf({ 0: 2, 256: 2, 257: 1 }, 258), [1]).code(2, 2).code(0, 1).code(1, 1).number(0, 40).stream([0, 4, 0, 1]), undefined],
  ['an only distance of two bits', new Bits().dynamic(lengthsOf({ 0: 2, 256: 2, 257: 1 }, 258), [2]).code(3, 2).stream(NOTHING), undefined],
  ['a match before the start', new Bits().dynamic(lengthsOf({ 0: 2, 256: 2, 257: 1 }, 258), [1]).code(0, 1).code(0, 1).code(3, 2).stream(NOTHING), undefined],
  ['287 lengths', new Bits().number(1, 1).number(2, 2).number(30, 5).number(0, 300).stream(NOTHING), undefined],
  ['31 distances', new Bits().number(1, 1).number(2, 2).number(0, 5).number(30, 5).number(0, 300).stream(NOTHING), undefined],
  ['a block of the fourth kind', new Bits().number(1, 1).number(3, 2).number(0, 40).stream(NOTHING), undefined],
  ['fixed codes: nothing', new Bits().number(1, 1).number(1, 2).code(0, 7).stream(NOTHING), 0],
  ['fixed codes: length 286', new Bits().number(1, 1).number(1, 2).code(0x30, 8).code(0xc6, 8).number(0, 60).stream(ZERO), undefined],
  ['fixed codes: distance 30', new Bits().number(1, 1).number(1, 2).code(0x30, 8).code(1, 7).code(30, 5).number(0, 60).stream(ZERO), undefined],
  ['a stored block whose length is not said twice', new Bits().number(1, 1).number(0, 2).number(0, 5).number(1, 16).number(1, 16).number(0, 8).stream(ZERO), undefined],
  ['a preset dictionary', Uint8Array.of(0x78, 0xbb, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1), undefined],
  ['a window of 64 kB', Uint8Array.of(0x88, 0x1c, 3, 0, 0, 0, 0, 1), undefined],
  ['another method', Uint8Array.of(0x79, 0x9c - 1, 3, 0, 0, 0, 0, 1), undefined],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0), undefined],
  ['no byte', new Uint8Array(0), undefined]
];

test.each(made)('%s, by hand: as zlib has it', (_, stream, length) => {
  const zlib = (): Uint8Array => inflateSync(stream, { maxOutputLength: 100 });
  if (length === undefined) {
    expect(zlib).toThrow();
    expect(() => inflate(stream, 100)).toThrow(RangeError);
  } else {
    expect(inflate(stream, 100)).toHaveLength(length);
    expect(equal(inflate(stream, 100), zlib())).toBe(true);
  }
});

test('what is too large to keep memory for goes to the other codec, and so does everything where there is no WebAssembly', () => {
  const large = new Uint8Array(17 << 20);
  const asked: number[] = [];
  const spy: ChunkCodecs = { inflate: (bytes, size, into) => { asked.push(size); return zlibCodecs.inflate(bytes, size, into); } };
  const deflated = deflateSync(large, { level: 1 });
  const both = wasmCodecs(spy);
  expect(both.inflate(deflated, large.length)).toHaveLength(large.length);
  expect(asked).toEqual([large.length]);
  expect(both.inflate(deflateSync(drifting(10)), 80)).toHaveLength(80);
  expect(asked).toHaveLength(1);
  const there = globalThis.WebAssembly;
  try {
    Object.defineProperty(globalThis, 'WebAssembly', { value: undefined, configurable: true, writable: true });
    const without = wasmCodecs(spy);
    for (const other of [without, wasmCodecs(scriptCodecs)]) expect(equal(other.inflate(deflateSync(contents.drifting!), 80_000), contents.drifting!)).toBe(true);
    expect(asked).toEqual([large.length, 80_000]);
  } finally {
    Object.defineProperty(globalThis, 'WebAssembly', { value: there, configurable: true, writable: true });
  }
});
