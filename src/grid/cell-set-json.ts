import { MaggError } from '../base/index.js';
import type { IdRanges } from './id-ranges.js';
import { MAX_NUMBER_ORDER, MAX_ORDER } from './order.js';

const fail = (message: string): never => {
  throw new MaggError('coverage', message);
};

/** What a wrong value is, short enough for a message. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The cells of a coverage map in JSON, by order. Throws `coverage`. */
export function parseCellSet(value: unknown): readonly { readonly order: number; readonly ids: BigUint64Array }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(`expected a coverage map, an object such as {"6": [1, 2], "7": [40]}, found ${shown(value)}`);
  }
  return Object.entries(value).map(([key, list]: [string, unknown]) => {
    const order = /^(?:0|[1-9]\d?)$/.test(key) ? Number(key) : NaN;
    if (!(order <= MAX_ORDER)) return fail(`expected orders from 0 to ${MAX_ORDER} as keys of a coverage map, found ${shown(key)}`);
    if (!Array.isArray(list)) return fail(`expected a list of nested ids at order ${key} of a coverage map, found ${shown(list)}`);
    const cells = 12 * 4 ** order;
    const ids = new BigUint64Array(list.length);
    for (let i = 0; i < ids.length; i++) {
      const id: unknown = list[i];
      if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0 || id >= cells) {
        const exact = typeof id === 'number' && id > Number.MAX_SAFE_INTEGER ? '; JSON holds ids below 2^53 only' : '';
        return fail(`expected nested ids from 0 to ${(12n << BigInt(2 * order)) - 1n} at order ${order} of a coverage map, found ${shown(id)} at place ${i}${exact}`);
      }
      ids[i] = BigInt(id);
    }
    return { order, ids };
  });
}

/** The fewest cells that make up ranges of ids; `order` is the lowest that can say them. Throws `coverage` when it is above 24. */
export function writeCellSet(ranges: IdRanges, order: number): Readonly<Record<string, readonly number[]>> {
  if (order > MAX_NUMBER_ORDER) {
    return fail(`expected a coverage map of cells of order 0 to ${MAX_NUMBER_ORDER}, whose ids JSON holds exactly, found cells of order ${order}; write degraded(${MAX_NUMBER_ORDER}) instead`);
  }
  const lists = Array.from({ length: order + 1 }, (): number[] => []);
  const words = new Uint32Array(ranges.buffer, ranges.byteOffset, 2 * ranges.length);
  // In units of the deepest order bounds are exact as numbers.
  const scale = 4 ** (MAX_ORDER - order);
  for (let i = 0; i < words.length; i += 4) {
    let at = (words[i + 1]! * 4294967296) / scale + words[i]! / scale;
    const end = (words[i + 3]! * 4294967296) / scale + words[i + 2]! / scale;
    while (at < end) {
      let levels = 0;
      let size = 1;
      while (levels < order && at % (4 * size) === 0 && at + 4 * size <= end) {
        size *= 4;
        levels++;
      }
      lists[order - levels]!.push(at / size);
      at += size;
    }
  }
  return Object.fromEntries(lists.flatMap((ids, level) => (ids.length > 0 ? [[String(level), ids]] : [])));
}
