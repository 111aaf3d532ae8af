import type { ChunkCodecs } from './chunk-codecs.js';
import { inflateModule } from './inflate-wasm.generated.js';

/** What `assembly/inflate.ts` exports. */
interface Inflater {
  readonly memory: WebAssembly.Memory;
  room(): number;
  slack(): number;
  inflate(input: number, inputBytes: number, output: number, outputBytes: number): number;
  madeBytes(): number;
}

/** By the numbers that `inflate` returns. */
const FAULTS = ['', 'invalid data', 'unexpected end of data', '', 'incorrect data check'];
const TOO_LONG = 3;

/**
 * Inflates in WebAssembly, which takes about four fifths of the time of Node's zlib and a third of that of fflate. Larger streams,
 * and all where WebAssembly with SIMD is not to be had (an old engine, a page whose policy forbids it), go to `other`.
 */
export function wasmCodecs(other: ChunkCodecs): ChunkCodecs {
  let inflater: Inflater | undefined | 'none';
  return {
    inflate(bytes, sizeBytes, into) {
      inflater ??= start() ?? 'none';
      if (inflater === 'none') return other.inflate(bytes, sizeBytes, into);
      const slack = inflater.slack();
      const input = inflater.room();
      const output = input + Math.ceil((bytes.length + slack) / 64) * 64;
      // It never grows: that would detach its buffer, after which V8 guards every access to any typed array.
      const memory = new Uint8Array(inflater.memory.buffer);
      if (output + sizeBytes + slack > memory.length) return other.inflate(bytes, sizeBytes, into);
      memory.set(bytes, input);
      memory.fill(0, input + bytes.length, input + bytes.length + slack);
      const fault = inflater.inflate(input, bytes.length, output, sizeBytes);
      if (fault !== 0) throw new RangeError(fault === TOO_LONG ? `it gives more than ${sizeBytes} bytes` : FAULTS[fault]);
      const made = memory.subarray(output, output + inflater.madeBytes());
      if (!into || into.length < made.length) return made.slice();
      into.set(made);
      return into.subarray(0, made.length);
    }
  };
}

function start(): Inflater | undefined {
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(inflateModule), letter => letter.charCodeAt(0)));
    return new WebAssembly.Instance(module).exports as unknown as Inflater;
  } catch (error) {
    // Not for want of memory and the like: then nothing else would work.
    if (typeof WebAssembly === 'undefined' || error instanceof WebAssembly.CompileError || error instanceof EvalError) return undefined;
    throw error;
  }
}
