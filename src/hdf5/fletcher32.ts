/** Words that may be added up before the sums leave 32 bits. */
const BLOCK_WORDS = 360;

/** Fletcher's checksum of 32 bits as the HDF5 filter computes it: over big-endian 16-bit words, an odd last byte as high byte. */
export function fletcher32(bytes: Uint8Array): number {
  let a = 0;
  let b = 0;
  const even = bytes.length & ~1;
  for (let at = 0; at < even; ) {
    const end = Math.min(even, at + 2 * BLOCK_WORDS);
    for (; at < end; at += 2) {
      a += (bytes[at]! << 8) | bytes[at + 1]!;
      b += a;
    }
    a = (a & 0xffff) + (a >>> 16);
    b = (b & 0xffff) + (b >>> 16);
  }
  if (even < bytes.length) {
    a += bytes[even]! << 8;
    b += a;
    a = (a & 0xffff) + (a >>> 16);
    b = (b & 0xffff) + (b >>> 16);
  }
  a = (a & 0xffff) + (a >>> 16);
  b = (b & 0xffff) + (b >>> 16);
  return ((b << 16) | a) >>> 0;
}

/** Whether the checksum stored after the data (4 bytes, little-endian) fits; HDF5 1.6.2 wrote its bytes swapped in pairs. */
export function hasChecksum(data: Uint8Array, stored: Uint8Array): boolean {
  const found = ((stored[0]! | (stored[1]! << 8) | (stored[2]! << 16) | (stored[3]! << 24)) >>> 0);
  const computed = fletcher32(data);
  const swapped = (((computed & 0x00ff00ff) << 8) | ((computed >>> 8) & 0x00ff00ff)) >>> 0;
  return found === computed || found === swapped;
}
