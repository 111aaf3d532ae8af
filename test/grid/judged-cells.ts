import { createEncoder, encodeTwoLevel, type LatitudeConvention } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';

/** What `judge_cells.py` says of our cells. */
export interface Verdict {
  readonly compared: number;
  /** By order: how many ids are not those of the judge. */
  readonly differ: Readonly<Record<string, number>>;
  /** Those of them whose cell has no point within 1e-15 rad. */
  readonly wrong: readonly unknown[];
}

/** Encodes all points at all orders in bulk, and has the ids judged by healpy, or all by exact arithmetic. */
export function judgeCells(lat: Float64Array, lon: Float64Array, orders: readonly number[], latitude: LatitudeConvention, judge: 'healpy' | 'exact'): Verdict {
  const count = lat.length;
  const input = new Uint8Array(8 * count * (2 + orders.length));
  new Float64Array(input.buffer, 0, count).set(lat);
  new Float64Array(input.buffer, 8 * count, count).set(lon);
  const out = { parent: new Float64Array(count), child: new Int32Array(count) };
  orders.forEach((order, at) => {
    const levels = Math.min(order, 15);
    expect(encodeTwoLevel(createEncoder(order, latitude), lat, lon, count, order - levels, out)).toBe(0);
    const words = new Uint32Array(input.buffer, 8 * count * (2 + at), 2 * count);
    for (let i = 0; i < count; i++) {
      const id = out.parent[i]! * 4 ** levels;
      words[2 * i] = (id % 2 ** 32) + out.child[i]!;
      words[2 * i + 1] = id / 2 ** 32;
    }
  });
  return judgeJson<Verdict>('grid/judge_cells.py', [latitude, String(count), orders.join(), ...(judge === 'exact' ? ['every'] : [])], input);
}
