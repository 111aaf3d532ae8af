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
/** The memory of a thread never shrinks: streams of more bytes, inflated and not, are left to others. */
const MOST_BYTES = 16 << 20;
const PAGE_BYTES = 65_536;

/**
 * Inflates in WebAssembly, which takes about four fifths of the time of Node's zlib and a third of that of fflate. Larger streams,
 * and all where WebAssembly with SIMD is not to be had (an old engine, a page whose policy forbids it), go to `other`.
 */
export function wasmCodecs(other: ChunkCodecs): ChunkCodecs {
  let inflater: Inflater | undefined | 'none';
  return {
    inflate(bytes, sizeBytes, into) {
      inflater ??= start() ?? 'none';
      if (inflater === 'none' || bytes.length + sizeBytes > MOST_BYTES) return other.inflate(bytes, sizeBytes, into);
      const slack = inflater.slack();
      const input = inflater.room();
      const output = input + ((bytes.length + slack + 63) & ~63);
      const memory = memoryOf(inflater, output + sizeBytes + slack);
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

function memoryOf({ memory }: Inflater, bytes: number): Uint8Array {
  const lacking = bytes - memory.buffer.byteLength;
  if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE_BYTES));
  return new Uint8Array(memory.buffer);
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
