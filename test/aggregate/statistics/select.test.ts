import { orderAt } from '../../../src/aggregate/statistics/select.js';
import { randomFrom } from '../../random.js';

const random = randomFrom(12);
const ORDERS: Readonly<Record<string, (i: number, n: number) => number>> = {
  random: () => random(),
  ascending: i => i,
  descending: (i, n) => n - i,
  equal: () => 4,
  'two values': () => Math.round(random()),
  'organ pipe': (i, n) => Math.min(i, n - i),
  sawtooth: i => i % 7,
  'one infinite': i => (i === 3 ? -Infinity : i === 5 ? Infinity : random())
};

test.each(Object.entries(ORDERS))('the wanted places hold what sorting puts there: %s', (_, order) => {
  for (const n of [1, 2, 12, 13, 24, 25, 26, 40, 100, 1000, 20000]) {
    const values = Float64Array.from({ length: n }, (__, i) => order(i, n));
    const places = Int32Array.from([0, 0.1, 0.1, 0.5, 0.75, 0.999].map(q => Math.floor(q * n)));
    const sorted = values.slice().sort();
    const ordered = new Float64Array(n + 3).fill(-1);
    ordered.set(values);
    orderAt(ordered, n, places, places.length);
    expect(Array.from(places, place => ordered[place])).toEqual(Array.from(places, place => sorted[place]));
    expect(ordered.slice(0, n).sort()).toEqual(sorted);
    expect(Array.from(ordered.subarray(n))).toEqual([-1, -1, -1]);
  }
});

/**
 * McIlroy's adversary (1999): values are settled only when they are compared, and then so that the pivot is as small as can
 * be. The selection it plays against is the same middle-of-three one, on numbers of values.
 */
function worstOrder(n: number): Float64Array {
  const open = n;
  const value = new Float64Array(n).fill(open);
  let settled = 0;
  let candidate = 0;
  const isLess = (a: number, b: number): boolean => {
    if (value[a] === open && value[b] === open) value[a === candidate ? a : b] = settled++;
    if (value[a] === open) candidate = a;
    else if (value[b] === open) candidate = b;
    return value[a]! < value[b]!;
  };
  const v = Int32Array.from({ length: n }, (_, i) => i);
  const swap = (i: number, j: number): void => {
    [v[i], v[j]] = [v[j]!, v[i]!];
  };
  for (let low = 0, high = n - 1; high - low >= 12; ) {
    const middle = (low + high) >> 1;
    if (isLess(v[middle]!, v[low]!)) swap(middle, low);
    if (isLess(v[high]!, v[low]!)) swap(high, low);
    if (isLess(v[high]!, v[middle]!)) swap(high, middle);
    const pivot = v[middle]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (isLess(v[i]!, pivot)) i++;
      while (isLess(pivot, v[j]!)) j--;
      if (i <= j) swap(i++, j--);
    }
    if (i >= high) break;
    low = i;
  }
  return value;
}

test('the worst order for a middle-of-three pivot is sorted after all', () => {
  const killer = worstOrder(4000);
  const sorted = killer.slice().sort();
  const places = Int32Array.of(2900, 3500, 3999);
  orderAt(killer, killer.length, places, places.length);
  expect(Array.from(places, place => killer[place])).toEqual(Array.from(places, place => sorted[place]));
});
