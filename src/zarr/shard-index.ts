import { MaggError } from '../base/index.js';
import { crc32c } from './crc32c.js';

/** Bytes of a shard's index: offset and length per inner chunk, 8 bytes each, then a CRC-32C. */
export function shardIndexBytes(innerChunks: number): number {
  return 16 * innerChunks + 4;
}

/**
 * Writes the index of a shard to `out` at `at`: per inner chunk its place in the shard, both numbers -1 where it is left
 * out. `out` must hold the index. Returns where it ends.
 */
export function writeShardIndex(places: Int32Array, out: Uint8Array, at: number): number {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  let to = at;
  for (let i = 0; i < places.length; i++, to += 8) {
    view.setInt32(to, places[i]!, true);
    view.setInt32(to + 4, places[i]! < 0 ? -1 : 0, true);
  }
  view.setUint32(to, crc32c(out, at, to), true);
  return to + 4;
}

/** Where an inner chunk lies in its shard; undefined where it is left out. */
export type InnerPlace = { readonly offset: number; readonly length: number } | undefined;

/**
 * Reads the index of a shard from its bytes (those of {@link shardIndexBytes}), of which `before` bytes of inner chunks
 * come first. Throws `damaged-chunk` for a wrong checksum and for places outside.
 */
export function readShardIndex(index: Uint8Array, innerChunks: number, before: number): readonly InnerPlace[] {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const end = 16 * innerChunks;
  const told = view.getUint32(end, true);
  const found = crc32c(index, 0, end);
  if (told !== found) throw new MaggError('damaged-chunk', `the index of the shard has the checksum ${found}, where ${told} is told`);
  const number = (at: number): number => view.getUint32(at, true) + 4294967296 * view.getUint32(at + 4, true);
  return Array.from({ length: innerChunks }, (_, i) => {
    const [offset, length] = [number(16 * i), number(16 * i + 8)];
    if (offset === LEFT_OUT && length === LEFT_OUT) return undefined;
    if (offset + length > before) throw new MaggError('damaged-chunk', `inner chunk ${i} is said to end at byte ${offset + length} of ${before}`);
    return { offset, length };
  });
}

/** 2^64 - 1, rounded as the sum of its words is. */
const LEFT_OUT = 4294967295 + 4294967296 * 4294967295;
