import { nestedId } from '../../src/grid/index.js';
import { randomFrom } from '../random.js';

export interface Cell {
  readonly id: bigint;
  readonly order: number;
}

/** The cells at the corners and the middle of the edges of every base cell, the two poles among them, and random ones. */
export function someCells(orders: readonly number[], randomPerOrder: number, seed: number): readonly Cell[] {
  const random = randomFrom(seed);
  return orders.flatMap(order => {
    const last = 2 ** order - 1;
    const stops = [...new Set([0, Math.floor(last / 2), last])];
    const seams = Array.from({ length: 12 }, (_, face) => stops.flatMap(x => stops.map(y => nestedId(face, x, y, order)))).flat();
    const inside = Array.from({ length: randomPerOrder }, () => nestedId(Math.floor(12 * random()), Math.floor(2 ** order * random()), Math.floor(2 ** order * random()), order));
    return [...seams, ...inside].map(id => ({ id, order }));
  });
}

export const ALL_ORDERS: readonly number[] = Array.from({ length: 30 }, (_, order) => order);
