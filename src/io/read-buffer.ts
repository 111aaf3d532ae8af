import type { ReadBuffer } from './range-source.js';

const FIRST_BYTES = 1 << 20;

/**
 * A buffer that grows to what one batch of reads needs and is then used again and again. Every view starts at a multiple of
 * 8 bytes, so that typed arrays of any kind fit on it. A full buffer is replaced by one of at least twice the size; views of
 * the old one stay valid until `reset`, and as memory even longer.
 */
export function createReadBuffer(): ReadBuffer {
  let memory = new Uint8Array(0);
  let used = 0;
  return {
    take(length) {
      const end = used + length;
      if (end > memory.length) {
        memory = new Uint8Array(Math.max(FIRST_BYTES, 2 * memory.length, length));
        used = 0;
      }
      const view = memory.subarray(used, used + length);
      used += Math.ceil(length / 8) * 8;
      return view;
    },
    reset() {
      used = 0;
    }
  };
}
