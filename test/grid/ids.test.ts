import {
  childIds, encodePoint, facePosition, fillCellIds, fillMortonDecimals, fillMortonWords, mortonDecimal, mortonWord, nestedId, nestedNumber, parentId,
  parseMortonDecimal, parseMortonWord
} from '../../src/grid/index.js';
import { randomFrom } from '../random.js';

const random = randomFrom(42);
const randomCell = (order: number): bigint => {
  let id = BigInt(Math.floor(random() * 12));
  for (let k = 0; k < order; k++) id = (id << 2n) | BigInt(Math.floor(random() * 4));
  return id;
};
const all = Array.from({ length: 30 }, (_, order) => order).flatMap(order => [0n, (12n << BigInt(2 * order)) - 1n, randomCell(order), randomCell(order)].map(id => ({ id, order })));

test('positions, decimals and words of a cell come back to its id', () => {
  for (const { id, order } of all) {
    const { face, x, y } = facePosition(id, order);
    expect(nestedId(face, x, y, order)).toBe(id);
    if (order <= 24) expect(BigInt(nestedNumber(face, x, y, order))).toBe(id);
    expect(parseMortonDecimal(mortonDecimal(id, order).toString())).toEqual({ id, order });
    expect(parseMortonWord(mortonWord(id, order))).toEqual({ id, order });
  }
});

test('known ids: the reference cell of Greenland, the base cells', () => {
  expect(mortonDecimal(parseMortonDecimal('4441321').id, 6).toString()).toBe('4441321');
  expect(parseMortonDecimal('4441321')).toEqual({ id: 3n * 4096n + 0b111100100100n + 0n, order: 6 });
  expect(Array.from({ length: 12 }, (_, face) => Number(mortonDecimal(BigInt(face), 0)))).toEqual([1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6]);
});

test('parents and children', () => {
  const id = encodePoint(70, -45, 12, 'authalic');
  expect(encodePoint(70, -45, 6, 'authalic')).toBe(parentId(id, 12, 6));
  const children = childIds(parentId(id, 12, 6), 6, 12);
  expect(children).toHaveLength(4096);
  expect(children.indexOf(id)).toBe(Number(id & 4095n));
  expect([...childIds(7n, 1, 1)]).toEqual([7n]);
});

test.each([[0, 0], [0, 6], [6, 12], [12, 18], [14, 18], [18, 18]])('ids of a chunk, orders %d to %d', (parentOrder, childOrder) => {
  for (const parent of [0n, (12n << BigInt(2 * parentOrder)) - 1n, randomCell(parentOrder)]) {
    const first = parent << BigInt(2 * (childOrder - parentOrder));
    const count = 4 ** (childOrder - parentOrder);
    const ids = Array.from({ length: count }, (_, i) => first + BigInt(i));
    expect([...fillCellIds(parent, parentOrder, childOrder, new BigUint64Array(count))]).toEqual(ids);
    expect([...fillMortonDecimals(parent, parentOrder, childOrder, new BigInt64Array(count))]).toEqual(ids.map(id => mortonDecimal(id, childOrder)));
    expect([...fillMortonWords(parent, parentOrder, childOrder, new BigUint64Array(count))]).toEqual(ids.map(id => mortonWord(id, childOrder)));
  }
});

test.each([[24, 29], [23, 28], [21, 27]])('ids of a chunk beyond decimal ids, orders %d to %d', (parentOrder, childOrder) => {
  const parent = (12n << BigInt(2 * parentOrder)) - 1n;
  const count = 4 ** (childOrder - parentOrder);
  const ids = Array.from({ length: count }, (_, i) => (parent << BigInt(2 * (childOrder - parentOrder))) + BigInt(i));
  expect([...fillCellIds(parent, parentOrder, childOrder, new BigUint64Array(count))]).toEqual(ids);
  expect([...fillMortonWords(parent, parentOrder, childOrder, new BigUint64Array(count))]).toEqual(ids.map(id => mortonWord(id, childOrder)));
});

test.each(['', '0', '7', '-7', '4445', '44x', '4441321.0', '1'.repeat(31)])('%j is no decimal morton id', text => {
  expect(() => parseMortonDecimal(text)).toThrow('expected a decimal morton id');
});

test.each([0n, 63n, 13n << 60n, (1n << 60n) | (1n << 6n) | 1n, (1n << 60n) | 48n, 1n << 64n, -1n])('%d is no packed morton word', word => {
  expect(() => parseMortonWord(word)).toThrow('expected a packed morton word');
});

test('cells and orders beyond their range are refused', () => {
  expect(() => mortonDecimal(12n, 0)).toThrow('expected a nested id from 0 to 11');
  expect(() => parentId(5n, 30, 3)).toThrow('expected a HEALPix order from 0 to 29');
  expect(() => parentId(5n, 3, 4)).toThrow('expected a HEALPix order from 0 to 3');
  expect(() => childIds(5n, 3, 16)).toThrow('expected a child order from 3 to 15');
  expect(() => fillMortonDecimals(0n, 18, 19, new BigInt64Array(4))).toThrow('0 to 18');
});

test('ids are written to any part of a buffer, and only there', () => {
  const memory = new BigUint64Array(18).fill(7n);
  fillCellIds(3n, 0, 2, memory.subarray(1, 17));
  expect([...memory]).toEqual([7n, ...Array.from({ length: 16 }, (_, i) => 48n + BigInt(i)), 7n]);
});

test('a chunk of ids needs its exact room and a cell of its order', () => {
  expect(() => fillCellIds(0n, 2, 4, new BigUint64Array(17))).toThrow('expected room for the 16 children of a cell, found 17');
  expect(() => fillMortonDecimals(0n, 2, 4, new BigInt64Array(15))).toThrow('expected room for the 16 children');
  expect(() => fillMortonWords(12n, 0, 1, new BigUint64Array(4))).toThrow('expected a nested id from 0 to 11');
  expect(() => fillCellIds(0n, 4, 2, new BigUint64Array(1))).toThrow('expected a child order from 4 to 19, found 2');
});
