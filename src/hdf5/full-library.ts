import type { h5wasm, Module } from 'h5wasm';
import { MaggError } from '../base/index.js';
import { damagedFile } from './damage.js';
import { limitWasmMemory } from './wasm-memory.js';

/** The HDF5 library compiled for JavaScript, 4 MB. It keeps its own files in memory. Loaded in workers of its own only. */
export interface FullLibrary {
  readonly api: typeof h5wasm;
  readonly module: typeof Module;
}

/** Loads the library, or gives the one that is there. */
export async function loadLibrary(): Promise<FullLibrary> {
  limitWasmMemory();
  const { default: api } = await import('h5wasm');
  const module = await api.ready;
  // Without it a failed read returns what its memory held before.
  module.activate_throwing_error_handler();
  return { api, module };
}

/** Runs a call of the library; what it throws becomes `damaged-file`, or `unsupported` where it lacks a filter. */
export function guarded<T>(file: string, path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof MaggError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const filter = /required filter '?([^'\n]*?)'? is not registered|filter plugin|can't open directory/i.exec(text);
    if (!filter) throw damagedFile(file, `the HDF5 library says of ${path}: ${text.split('\n').slice(0, 3).join(' ')}`, error);
    throw new MaggError('unsupported', `${path} of ${file} is compressed with a filter that is not built in (${filter[1] ?? 'a plugin'}). Write the file again where that filter is installed: h5repack -f GZIP=4 IN OUT.`, {
      cause: error,
      context: { granule: file, file, dataset: path }
    });
  }
}

/** Whether an error has stopped the library in the middle of its work, which leaves it unusable. */
export const stopsLibrary = (error: unknown): boolean =>
  error instanceof WebAssembly.RuntimeError || error instanceof RangeError || (error instanceof Error && error.cause !== undefined && stopsLibrary(error.cause));
