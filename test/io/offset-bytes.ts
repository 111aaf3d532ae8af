import type { ByteRange } from '../../src/base/index.js';

/** Bytes that tell where they come from: a wrong offset shows. */
export function offsetBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = byteAt(i);
  return bytes;
}

const byteAt = (i: number): number => (i ^ (i >> 8) ^ (i >> 16) * 7) & 255;

/** Fails unless each answer holds the bytes of its range of {@link offsetBytes}. */
export function expectOffsets(answers: readonly Uint8Array[], ranges: readonly ByteRange[]): void {
  expect(answers.map(a => a.length)).toEqual(ranges.map(r => r.length));
  answers.forEach((answer, k) => {
    const wrong = answer.findIndex((byte, i) => byte !== byteAt(ranges[k]!.offset + i));
    expect(wrong).toBe(-1);
  });
}
