/**
 * Undoes the lzf filter of h5py (liblzf): runs of up to 32 bytes as they are, and copies of 3 to 264 bytes from up to 8 kB
 * back. Throws a RangeError unless exactly `sizeBytes` bytes come out.
 */
export function unLzf(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  const out = new Uint8Array(sizeBytes);
  const end = bytes.length;
  let at = 0;
  let done = 0;
  while (at < end) {
    const control = bytes[at++]!;
    if (control < 32) {
      const count = control + 1;
      if (at + count > end || done + count > sizeBytes) throw new RangeError('a run is cut off or too long');
      for (let i = 0; i < count; i++) out[done++] = bytes[at++]!;
      continue;
    }
    let count = (control >> 5) + 2;
    if (count === 9) count += at < end ? bytes[at++]! : 0;
    if (at >= end) throw new RangeError('a copy is cut off');
    let from = done - ((control & 31) << 8) - bytes[at++]! - 1;
    if (from < 0 || done + count > sizeBytes) throw new RangeError('a copy lies outside of the values');
    // Byte by byte: a copy may repeat what it has just written.
    for (let i = 0; i < count; i++) out[done++] = out[from++]!;
  }
  if (done !== sizeBytes) throw new RangeError(`it gives ${done} bytes`);
  return out;
}
