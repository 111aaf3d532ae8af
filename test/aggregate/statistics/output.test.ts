import { MaggError } from '../../../src/base/index.js';
import type { DataType, OutputVariable } from '../../../src/config/index.js';
import { compileStatistics } from '../../../src/aggregate/index.js';
import { judge } from '../../judge.js';
import { binary, call, column } from './build.js';
import { makeCells, type TestCells } from './cells.js';
import { variable } from './judged.js';

const h = column('h');

/** One row a cell, an empty cell at the end. */
function cellsOf(values: readonly number[]): TestCells {
  return makeCells([...values.map(() => 1), 0], () => [{ name: 'h', values: Float64Array.from(values) }]);
}

function output(values: readonly number[], as: Partial<OutputVariable>, expression = call('max', [h])): unknown {
  const cells = cellsOf(values);
  const statistics = compileStatistics([variable(expression, as)], ['h']);
  const [out] = statistics.allocate(cells.rows.cells);
  statistics.evaluate(cells.rows, [out!]);
  return out;
}

const LIMITS: Readonly<Record<Exclude<DataType, 'float32' | 'float64' | 'int64' | 'uint64'>, readonly [number, number]>> = {
  int8: [-128, 127], int16: [-32768, 32767], int32: [-(2 ** 31), 2 ** 31 - 1], uint8: [0, 255], uint16: [0, 65535], uint32: [0, 2 ** 32 - 1]
};

test.each(Object.entries(LIMITS))('%s holds its limits and says which value, cell and variable go beyond', (dtype, [low, high]) => {
  const as = { name: 'flag', dtype: dtype as DataType, fillValue: 7 };
  const out = output([low, high, high + 0.9, NaN], as);
  expect(Array.from(out as Int8Array)).toEqual([low, high, high, 7, 7]);
  for (const beyond of [low - 1, high + 1, Infinity, -Infinity]) {
    const asked = (): unknown => output([low, beyond], as);
    expect(asked).toThrow(MaggError);
    expect(asked).toThrow(new RegExp(`"flag".*from ${low} to ${high}, the range of ${dtype}, found ${beyond} in child cell 1 .*wider dtype`));
  }
});

test('64-bit integers hold what a float64 can name, with a fill value beyond it', () => {
  const signed = output([-(2 ** 63), 2 ** 62, -1.9, NaN], { dtype: 'int64', fillValue: -9223372036854775807n });
  expect(signed).toEqual(BigInt64Array.of(-(2n ** 63n), 2n ** 62n, -1n, -9223372036854775807n, -9223372036854775807n));
  const unsigned = output([0, 2 ** 63, -0.5, NaN], { dtype: 'uint64', fillValue: 3 });
  expect(unsigned).toEqual(BigUint64Array.of(0n, 2n ** 63n, 0n, 3n, 3n));
  expect(() => output([2 ** 63], { dtype: 'int64', fillValue: 0n })).toThrow(/9223372036854775807, the range of int64/);
  expect(() => output([-1], { dtype: 'uint64', fillValue: 0n })).toThrow(/from 0 to 18446744073709551615/);
});

test('float32 rounds, overflows and keeps NaN as numpy does', () => {
  const values = [0.1, 1 / 3, 16777217, 3.4e38, 3.5e38, 1e-46, 1e-40, NaN, -Infinity];
  const program = 'import numpy, sys\nnumpy.seterr(all="ignore")\nsys.stdout.buffer.write(numpy.frombuffer(sys.stdin.buffer.read()).astype("<f4").tobytes())';
  const expected = judge(program, [], new Uint8Array(Float64Array.from(values).buffer));
  const out = output(values, { dtype: 'float32', fillValue: -9999 }) as Float32Array;
  expect(Array.from(out.subarray(0, values.length))).toEqual(values.map((_, i) => expected.readFloatLE(4 * i)));
  expect(out[values.length]).toBe(-9999);
});

test('cells without rows hold the fill value, those of counts 0; old content of the array is overwritten', () => {
  const cells = makeCells([0, 2, 0], () => [{ name: 'h', values: Float32Array.of(1, 2) }]);
  const statistics = compileStatistics(
    [variable(call('len', [h]), { dtype: 'int32', fillValue: -1 }), variable(call('mean', [h]), { dtype: 'int16', fillValue: -1 }), variable(binary(1, '+', 2), { fillValue: 9 })], ['h']
  );
  const out = statistics.allocate(3);
  for (const values of out) (values as Int32Array).fill(77);
  statistics.evaluate(cells.rows, out);
  expect(out).toEqual([Int32Array.of(0, 2, 0), Int16Array.of(-1, 1, -1), Float64Array.of(9, 3, 9)]);
});
