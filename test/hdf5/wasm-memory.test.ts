import { limitWasmMemory, MAX_WASM_BYTES } from '../../src/hdf5/wasm-memory.js';

test('memory of WebAssembly grows to the limit and not beyond', () => {
  limitWasmMemory();
  limitWasmMemory();
  const memory = new WebAssembly.Memory({ initial: 1 });
  expect(memory.grow(1)).toBe(1);
  const pages = MAX_WASM_BYTES / 65_536;
  expect(() => memory.grow(pages - 1)).toThrow(RangeError);
  expect(memory.grow(1)).toBe(2);
  expect(memory.buffer.byteLength).toBe(3 * 65_536);
});
