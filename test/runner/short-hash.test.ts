import { shortHash } from '../../src/runner/short-hash.js';

test('16 hexadecimal digits, the same for the same text', () => {
  for (const text of ['', 'a', '["ä.h5",1,"mtime:2",[1,2,3]]']) {
    expect(shortHash(text)).toMatch(/^[0-9a-f]{16}$/);
    expect(shortHash(`${text}`)).toBe(shortHash(text));
  }
});

test('texts that differ in one letter, in order or in length differ, and each half of the digits is spread', () => {
  const texts = Array.from({ length: 60_000 }, (_, i) => `["g${i % 300}.h5",${Math.floor(i / 300)},[${i % 7},${i % 11}]]`);
  const hashes = new Set([...texts, ...['ab', 'ba', 'a', 'aa', 'aaa', '\0', '\0\0', '']].map(shortHash));
  expect(hashes.size).toBe(60_008);
  // Of n values in 2^32 places about n^2 / 2^33 meet: 0.4.
  for (const half of [0, 8]) expect(new Set([...hashes].map(hash => hash.slice(half, half + 8))).size).toBeGreaterThan(60_000);
  const digits = Array.from({ length: 16 }, () => new Float64Array(16));
  for (const hash of hashes) for (let d = 0; d < 16; d++) digits[d]![parseInt(hash[d]!, 16)]!++;
  for (const counts of digits) for (const count of counts) expect(Math.abs(count / hashes.size - 1 / 16)).toBeLessThan(0.01);
});
