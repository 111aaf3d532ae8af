import { formatExactJson, parseExactJson } from '../../src/zarr/exact-json.js';
import { judge } from '../judge.js';

test('integers keep all their digits, there and back, also for another parser', () => {
  const text = '{"a": 18446744073709551615, "b": [-9223372036854775808, 9007199254740993], "c": "12345678901234567890", "d": 0.1234567890123456789, "e": 1e300, "f\\"12345678901234567890": 5}';
  const value = parseExactJson(text);
  expect(value).toEqual({ a: 18446744073709551615n, b: [-9223372036854775808n, 9007199254740993n], c: '12345678901234567890', d: 0.12345678901234568, e: 1e300, 'f"12345678901234567890': 5 });
  const same = judge('\nimport json, sys\na, b = sys.argv[1:]\nprint(json.loads(a) == json.loads(b))\n', [text, formatExactJson(value)]);
  expect(same.toString().trim()).toBe('True');
});

test('a negative zero stays one', () => {
  expect(formatExactJson({ z: -0 })).toContain('-0.0');
  expect(parseExactJson(formatExactJson([-0]))).toEqual([-0]);
});

test('what is no JSON is refused', () => {
  for (const text of ['', '{', '12345678901234567890 1', '{12345678901234567890: 1}', '012345678901234567890']) expect(() => parseExactJson(text)).toThrow(SyntaxError);
});
