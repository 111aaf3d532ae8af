import { Limiter } from '../../src/base/index.js';

/** A task that ends when it is told to. */
function held(log: string[], name: string) {
  let finish: () => void = () => undefined;
  const done = new Promise<void>(resolve => (finish = resolve));
  return { finish: () => finish(), task: async () => (log.push(name), await done, name) };
}
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('runs no more than its limit at once, in the order given', async () => {
  const log: string[] = [];
  const limiter = new Limiter(2);
  const tasks = ['a', 'b', 'c', 'd'].map(name => held(log, name));
  const results = tasks.map(({ task }) => limiter.run(task));
  await settle();
  expect(log).toEqual(['a', 'b']);
  tasks[1]!.finish();
  await settle();
  expect(log).toEqual(['a', 'b', 'c']);
  tasks.forEach(({ finish }) => finish());
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
});

test('a task that fails gives its place back', async () => {
  const limiter = new Limiter(1);
  await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limiter.run(() => Promise.resolve(7))).toBe(7);
});

test.each([0, -1, 1.5, NaN])('%d is no limit', limit => {
  expect(() => new Limiter(limit)).toThrow('at least 1');
});
