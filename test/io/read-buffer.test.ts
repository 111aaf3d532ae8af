import { createReadBuffer } from '../../src/io/index.js';

test('views do not overlap, start aligned, and survive a change of memory until reset', () => {
  const buffer = createReadBuffer();
  const views = [3, 8, 100_000, 2_000_000, 5, 3_000_000].map(length => buffer.take(length));
  views.forEach((view, i) => view.fill(i + 1));
  views.forEach((view, i) => {
    expect(view.byteOffset % 8).toBe(0);
    expect(view.every(byte => byte === i + 1)).toBe(true);
  });
});

test('after reset the memory is used again and holds what it held before', () => {
  const buffer = createReadBuffer();
  for (let i = 0; i < 5; i++) buffer.take(1_000_000);
  buffer.reset();
  const first = buffer.take(1_000_000);
  const second = buffer.take(1_000_000);
  buffer.reset();
  expect(buffer.take(1_500_000).buffer).toBe(first.buffer);
  expect(second.buffer).toBe(first.buffer);
});
