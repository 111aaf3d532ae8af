/** Below this many values an insertion sort is faster than any partition. */
const SMALL = 12;
/** Partitions before a selection gives way to a sort: unlucky orders would otherwise cost the square of the length. */
const MAX_ROUNDS = 64;

/**
 * Puts the values of `v[0..size)` that belong at the ascending `places[0..count)` of the sorted order there. No NaN.
 */
export function orderAt(v: Float64Array, size: number, places: Int32Array, count: number): void {
  if (size <= 2 * SMALL) {
    insertionSort(v, 0, size - 1);
    return;
  }
  let low = 0;
  for (let j = 0; j < count; j++) {
    const place = places[j]!;
    if (j > 0 && place === places[j - 1]) continue;
    select(v, low, size - 1, place);
    low = place + 1;
  }
}

/** Quickselect on v[low..high]: v[k] is in its place, everything before is <= and after is >=. Middle of three as pivot. */
function select(v: Float64Array, low: number, high: number, k: number): void {
  for (let rounds = 0; high > low; rounds++) {
    if (rounds > MAX_ROUNDS) {
      v.subarray(low, high + 1).sort();
      return;
    }
    if (high - low < SMALL) {
      insertionSort(v, low, high);
      return;
    }
    const middle = (low + high) >> 1;
    if (v[middle]! < v[low]!) swap(v, middle, low);
    if (v[high]! < v[low]!) swap(v, high, low);
    if (v[high]! < v[middle]!) swap(v, high, middle);
    const pivot = v[middle]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (v[i]! < pivot) i++;
      while (v[j]! > pivot) j--;
      if (i <= j) swap(v, i++, j--);
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}

function insertionSort(v: Float64Array, low: number, high: number): void {
  for (let i = low + 1; i <= high; i++) {
    const x = v[i]!;
    let j = i - 1;
    while (j >= low && v[j]! > x) {
      v[j + 1] = v[j]!;
      j--;
    }
    v[j + 1] = x;
  }
}

function swap(v: Float64Array, i: number, j: number): void {
  const x = v[i]!;
  v[i] = v[j]!;
  v[j] = x;
}
