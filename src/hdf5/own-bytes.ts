import type { Abortable } from '../base/index.js';
import type { RangeSource } from '../io/index.js';

/** A whole file in memory that is nobody else's, so that it can be moved to another thread. Copied only where the source gives views. */
export async function ownBytes(source: RangeSource, sizeBytes: number, { signal }: Abortable): Promise<Uint8Array<ArrayBuffer>> {
  const own: Uint8Array<ArrayBuffer>[] = [];
  const into = {
    take: (length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      own.push(bytes);
      return bytes;
    },
    reset: () => undefined
  };
  const [bytes] = await source.read([{ offset: 0, length: sizeBytes }], { signal, into });
  const whole = own.find(({ buffer, length }) => buffer === bytes!.buffer && length === bytes!.length);
  return whole ?? new Uint8Array(bytes!);
}
