import { fromErrorRecord, MaggError, throwIfAborted, toErrorRecord } from '../../src/base/index.js';

test('an error crosses a thread as data and comes back the same', () => {
  const error = new MaggError('damaged-chunk', 'chunk 3 is short', { retryable: true, context: { granule: 'g.h5', dataset: '/a/h' } });
  const back = fromErrorRecord(JSON.parse(JSON.stringify(toErrorRecord(error))) as ReturnType<typeof toErrorRecord>);
  expect(back).toBeInstanceOf(MaggError);
  expect({ tag: back.tag, message: back.message, retryable: back.retryable, context: back.context }).toEqual({
    tag: 'damaged-chunk', message: 'chunk 3 is short', retryable: true, context: { granule: 'g.h5', dataset: '/a/h' }
  });
});

test.each([[new TypeError('x is undefined'), 'x is undefined'], ['text', 'text']])('what is no error of ours is told as internal', (thrown, message) => {
  expect(toErrorRecord(thrown)).toEqual({ tag: 'internal', message, retryable: false, context: {} });
});

test('an aborted signal throws, a live one and none do not', () => {
  throwIfAborted(undefined);
  throwIfAborted(new AbortController().signal);
  expect(() => throwIfAborted(AbortSignal.abort())).toThrow(MaggError);
});
