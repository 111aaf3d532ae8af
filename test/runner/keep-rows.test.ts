import type { RowTest } from '../../src/config/index.js';
import type { NumericArray, NumericType } from '../../src/hdf5/index.js';
import { compileTest, type SievedDataset } from '../../src/runner/local/keep-rows.js';
import { judge } from '../judge.js';
import { randomFrom } from '../random.js';

const random = randomFrom(5);
const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

interface Kind {
  readonly type: NumericType;
  readonly numpy: string;
  readonly of: (values: readonly (number | bigint)[]) => NumericArray;
  readonly values: readonly (number | bigint)[];
}

const whole = (type: NumericType, numpy: string, bytes: number, make: (values: readonly number[]) => NumericArray): Kind => {
  const isSigned = type.startsWith('int');
  const top = 2 ** (8 * bytes - (isSigned ? 1 : 0)) - 1;
  return { type, numpy, of: values => make(values.map(Number)), values: [0, 1, 2, 3, 5, 100, top, top - 1, isSigned ? -top - 1 : 7, isSigned ? -1 : 64] };
};
const signed = [0n, 1n, -1n, 5n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 62n, 2n ** 62n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const KINDS: readonly Kind[] = [
  whole('int8', 'i1', 1, v => Int8Array.from(v)),
  whole('uint8', 'u1', 1, v => Uint8Array.from(v)),
  whole('int16', '<i2', 2, v => Int16Array.from(v)),
  whole('uint16', '<u2', 2, v => Uint16Array.from(v)),
  whole('int32', '<i4', 4, v => Int32Array.from(v)),
  whole('uint32', '<u4', 4, v => Uint32Array.from(v)),
  { type: 'int64', numpy: '<i8', of: v => BigInt64Array.from(v.map(BigInt)), values: signed },
  { type: 'uint64', numpy: '<u8', of: v => BigUint64Array.from(v.map(BigInt)), values: signed.map(v => BigInt.asUintN(64, v)) },
  { type: 'float32', numpy: '<f4', of: v => Float32Array.from(v.map(Number)), values: [0, -0, 0.1, 2.5, NaN, Infinity, -Infinity, 3.4028235e38, 16777217, -4] },
  { type: 'float64', numpy: '<f8', of: v => Float64Array.from(v.map(Number)), values: [0, -0, 0.1, Math.fround(0.1), NaN, Infinity, -Infinity, 1e300, 2 ** 53, -4] }
];

function someTest({ type, values }: Kind): RowTest {
  const number = (): number => (random() < 0.7 ? Number(any(values)) : any([0.1, 2.5, -2.5, 300, -1e20, 1e20, Infinity, -Infinity]));
  const width = Number(/\d+/.exec(type)![0]);
  const bit = (beyond = 0): number => Math.floor(random() * Math.min(64, width + beyond));
  switch (any(['simple', 'simple', 'range', 'in', 'bits', 'not-fill'])) {
    case 'range':
      return { op: 'range', low: number(), high: number() };
    case 'in':
      return { op: 'in', values: [number(), number(), number()] };
    case 'not-fill':
      return { op: 'not-fill' };
    case 'bits':
      if (type.startsWith('float')) return { op: 'not-fill' };
      return { op: 'bits', set: random() < 0.5 ? [bit()] : [], clear: [bit(4)] };
    default:
      return { op: any(['equal', 'not-equal', 'less', 'less-equal', 'greater', 'greater-equal'] as const), value: number() };
  }
}

const asText = (test: RowTest): object => (test.op === 'bits' ? test : Object.fromEntries(Object.entries(test).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)])));

test('every kind of test over every type of number keeps the rows that numpy keeps', () => {
  const cases = KINDS.flatMap(kind =>
    Array.from({ length: 120 }, () => {
      const values = kind.of([...kind.values, ...Array.from({ length: 10 }, () => any(kind.values))]);
      const fill = random() < 0.5 ? undefined : any(Array.from(values as Float64Array) as (number | bigint)[]);
      return { kind, values, fill, absent: Uint8Array.from(values as Float64Array, () => (random() < 0.1 ? 1 : 0)), test: someTest(kind) };
    })
  );
  const sent = cases.map(({ kind, values, fill, absent, test }) =>
    // As text: JSON lacks NaN and infinities.
    JSON.stringify({ type: kind.numpy, bytes: Buffer.from(values.buffer).toString('hex'), fill: fill === undefined ? null : String(fill), absent: [...absent], test: asText(test) })
  );
  const answers = judge('runner/row_tests.py', [], sent.join('\n')).toString().trim().split('\n');
  const ours = cases.map(({ kind, values, fill, absent, test }) => {
    const keep = new Uint8Array(values.length).fill(1);
    const left = compileTest(test, { path: '/d', type: kind.type, fillValue: fill }, 'g.h5')(values, absent, keep);
    expect(left).toBe(keep.filter(one => one === 1).length);
    return keep.join('');
  });
  cases.forEach(({ kind, values, fill, test }, i) => {
    if (ours[i] !== answers[i]) throw new Error(`${kind.type} ${JSON.stringify(test)} fill ${String(fill)} of ${values.join()}: ${ours[i]}, numpy ${answers[i]}`);
  });
  expect(answers.some(answer => answer.includes('1'))).toBe(true);
});

test('rows that were rejected before stay rejected', () => {
  const keep = Uint8Array.of(1, 0, 1, 0);
  for (const values of [Int8Array.of(0, 0, 1, 0), Float32Array.of(0, 0, 1, 0), BigInt64Array.of(0n, 0n, 1n, 0n)]) {
    const type = values instanceof Int8Array ? 'int8' : values instanceof Float32Array ? 'float32' : 'int64';
    const mask = keep.slice();
    expect(compileTest({ op: 'equal', value: 0 }, { path: '/d', type, fillValue: undefined }, 'g.h5')(values, undefined, mask)).toBe(1);
    expect([...mask]).toEqual([1, 0, 0, 0]);
  }
});

test('floats have no bits, and that is said with the dataset', () => {
  expect(() => compileTest({ op: 'bits', set: [0], clear: [] }, { path: '/a/h', type: 'float32', fillValue: undefined }, 'g.h5')).toThrow(/\/a\/h tests bits.*g\.h5 are float32/);
});

test.each<[SievedDataset['type'], number]>([['int8', 8], ['uint16', 40], ['int32', 32]])('bits that %s does not have cannot be set (%d), and that is said; the last that it has can', (type, bit) => {
  const dataset = { path: '/a/q', type, fillValue: undefined };
  const width = Number(/\d+/.exec(type)![0]);
  expect(() => compileTest({ op: 'bits', set: [0, bit], clear: [] }, dataset, 'g.h5')).toThrow(`the filter on /a/q wants bit ${bit} set, and its values in g.h5 are ${type}, whose bits are 0 to ${width - 1}`);
  expect(() => compileTest({ op: 'bits', set: [width - 1], clear: [bit] }, dataset, 'g.h5')).not.toThrow();
});
