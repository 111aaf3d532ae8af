import { MaggError } from '../../src/base/index.js';
import { backOff, withRetry, type RetryPolicy } from '../../src/runner/retry.js';

const failing = (retryable: boolean): MaggError => new MaggError('io', 'dropped', { retryable });

function policy(attempts: number): RetryPolicy & { readonly slept: number[] } {
  const slept: number[] = [];
  return { attempts, slept, delayS: attempt => attempt, sleep: seconds => (slept.push(seconds), Promise.resolve()) };
}

test('tries again after a failure that may pass, and tells of it', async () => {
  const clock = policy(3);
  const told: number[] = [];
  let calls = 0;
  const result = await withRetry(() => (++calls < 3 ? Promise.reject(failing(true)) : Promise.resolve('read')), clock, undefined, attempt => told.push(attempt));
  expect({ result, calls, told, slept: clock.slept }).toEqual({ result: 'read', calls: 3, told: [2, 3], slept: [2, 3] });
});

test('does not try again what cannot pass', async () => {
  let calls = 0;
  await expect(withRetry(() => (calls++, Promise.reject(failing(false))), policy(3), undefined, () => undefined)).rejects.toThrow('dropped');
  expect(calls).toBe(1);
});

test('gives up after the last attempt with its error', async () => {
  let calls = 0;
  const task = (): Promise<never> => Promise.reject(new MaggError('io', `attempt ${++calls}`, { retryable: true }));
  await expect(withRetry(task, policy(3), undefined, () => undefined)).rejects.toThrow('attempt 3');
});

test('an aborted signal ends the trying', async () => {
  const abort = new AbortController();
  const clock: RetryPolicy = { attempts: 9, delayS: () => 1, sleep: () => (abort.abort(), Promise.resolve()) };
  await expect(withRetry(() => Promise.reject(failing(true)), clock, abort.signal, () => undefined)).rejects.toMatchObject({ tag: 'cancelled' });
});

test('waits about twice as long each time, spread by half', () => {
  expect([2, 3, 4].map(backOff(() => 0))).toEqual([0.5, 1, 2]);
  expect([2, 3, 4].map(backOff(() => 1))).toEqual([0.75, 1.5, 3]);
});
