/**
 * Bytes that a damaged file can make the library take. Enough for a chunk of 256 MiB, compressed and not, and its values.
 * Such memory is no part of what a host can limit for a worker.
 */
export const MAX_WASM_BYTES = 640 << 20;
const PAGE_BYTES = 65_536;
let isLimited = false;

/**
 * Makes WebAssembly memory of this thread refuse to grow beyond {@link MAX_WASM_BYTES}: `malloc` then gives nothing, and the
 * library says so. The library makes its memory itself and takes no limit, hence the prototype; the thread must be its own.
 */
export function limitWasmMemory(): void {
  if (isLimited) return;
  isLimited = true;
  const { prototype } = WebAssembly.Memory;
  const grow = Object.getOwnPropertyDescriptor(prototype, 'grow')!.value as (this: WebAssembly.Memory, pages: number) => number;
  prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE_BYTES > MAX_WASM_BYTES) throw new RangeError(`the HDF5 library wants more than ${MAX_WASM_BYTES} bytes of memory`);
    return grow.call(this, pages);
  };
}
