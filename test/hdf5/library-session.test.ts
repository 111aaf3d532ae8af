import { MaggError } from '../../src/base/index.js';
import { libraryFallback } from '../../src/hdf5/library-fallback.js';
import type { LibraryReply } from '../../src/hdf5/library-messages.js';
import { LibrarySession, type AskOptions } from '../../src/hdf5/library-session.js';
import type { LibraryListener, LibraryWorker, StartLibraryWorker } from '../../src/hdf5/library-worker-port.js';
import { webLibrary } from '../../src/hdf5/web-library.js';
import { memorySource, type RangeSource } from '../../src/io/index.js';
import { containing } from './expected.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A worker that notes what it is told, and says what the test says. */
class FakeWorker implements LibraryWorker {
  readonly said: string[] = [];
  isBusy = true;
  isTerminated = false;

  constructor(readonly listener: LibraryListener) {}

  post({ kind }: { readonly kind: string }, transfer: readonly ArrayBuffer[]): void {
    this.said.push(transfer.length > 0 ? `${kind} with ${transfer[0]!.byteLength} bytes` : kind);
  }
  setBusy(isBusy: boolean): void {
    this.isBusy = isBusy;
  }
  terminate(): void {
    this.isTerminated = true;
  }
  reply(...replies: LibraryReply[]): void {
    for (const reply of replies) this.listener.onReply(reply);
  }
}

function fakes(): { readonly workers: FakeWorker[]; readonly start: StartLibraryWorker } {
  const workers: FakeWorker[] = [];
  return { workers, start: listener => (workers.push(new FakeWorker(listener)), workers.at(-1)!) };
}

const TAKEN: LibraryReply = { type: 'taken' };
const answer = (value: boolean | number | undefined): LibraryReply => ({ type: 'answer', answer: value });
const options: AskOptions = { boundS: 4, failure: what => new MaggError('damaged-file', what) };

function ask(more: Partial<AskOptions> = {}) {
  const { workers, start } = fakes();
  const session = new LibrarySession(start);
  const idle = !workers[0]!.isBusy;
  const asked = session.ask({ kind: 'exists', path: '/x' }, { ...options, ...more });
  asked.catch(() => undefined);
  return { worker: workers[0]!, session, asked, idle };
}

test('time runs from when the worker has begun, not while it loads', async () => {
  const { worker, session, asked, idle } = ask();
  expect([idle, worker.isBusy]).toEqual([true, true]);
  jest.advanceTimersByTime(60_000);
  worker.reply(TAKEN);
  jest.advanceTimersByTime(3999);
  expect(worker.isTerminated).toBe(false);
  worker.reply(answer(true));
  expect(await asked).toBe(true);
  expect([worker.isBusy, session.isAlive]).toEqual([false, true]);
  jest.advanceTimersByTime(60_000);
  expect([session.isAlive, jest.getTimerCount()]).toEqual([true, 0]);
});

test('a worker that does not answer within the bound is ended, and the question fails', async () => {
  const { worker, session, asked } = ask();
  worker.reply(TAKEN);
  jest.advanceTimersByTime(4000);
  await expect(asked).rejects.toMatchObject({ tag: 'damaged-file', message: 'did not answer within 4 s' });
  expect([worker.isTerminated, session.isAlive, jest.getTimerCount()]).toEqual([true, false, 0]);
  worker.reply(answer(true)); // too late
  worker.listener.onDeath('it ended with code 1');
  await expect(session.ask({ kind: 'exists', path: '/x' }, options)).rejects.toMatchObject({ message: 'stopped: it has ended' });
});

test('cancelling ends the worker; cancelled before, nothing is asked', async () => {
  const abort = new AbortController();
  const { worker, session, asked } = ask({ signal: abort.signal });
  worker.reply(TAKEN);
  abort.abort();
  await expect(asked).rejects.toMatchObject({ tag: 'cancelled' });
  expect([worker.isTerminated, session.isAlive, jest.getTimerCount()]).toEqual([true, false, 0]);
  const late = ask({ signal: abort.signal });
  await expect(late.asked).rejects.toMatchObject({ tag: 'cancelled' });
  expect([late.worker.said, late.worker.isTerminated]).toEqual([[], false]);
});

test('an abort after the answer leaves the worker alone', async () => {
  const abort = new AbortController();
  const { worker, asked } = ask({ signal: abort.signal });
  worker.reply(TAKEN, answer(false));
  abort.abort();
  expect(await asked).toBe(false);
  expect(worker.isTerminated).toBe(false);
});

test('a worker that dies of a question fails it; one that never began blames no file', async () => {
  const { worker, asked } = ask();
  worker.reply(TAKEN);
  worker.listener.onDeath('out of memory');
  await expect(asked).rejects.toMatchObject({ tag: 'damaged-file', message: 'stopped: out of memory' });
  const other = ask();
  other.worker.listener.onDeath('no such file');
  await expect(other.asked).rejects.toMatchObject({ tag: 'thread-died', message: containing('could not be started: no such file') });
});

test('the error of the library comes through as it was; where it has stopped the library the worker is ended', async () => {
  for (const isBroken of [false, true]) {
    const { worker, asked } = ask();
    const error = { tag: 'damaged-file', message: 'the library says', retryable: false, context: { file: 'x.h5' } };
    worker.reply(TAKEN, { type: 'failed', error, isBroken });
    await expect(asked).rejects.toMatchObject(error);
    expect(worker.isTerminated).toBe(isBroken);
  }
});

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const source = (name: string, tag: string | undefined): RangeSource => ({ ...memorySource(name, new Uint8Array(100)), tag: () => Promise.resolve(tag) });

test('each open file has a worker of its own; one that is free is kept for the next, unless it has grown', async () => {
  const { workers, start } = fakes();
  const fallback = libraryFallback(start);
  const open = async (name: string, at: number) => {
    const opening = fallback(source(name, undefined), {});
    await settled();
    workers[at]!.reply(TAKEN, answer(undefined));
    return opening;
  };
  const close = async (file: { close: () => Promise<void> }, at: number, heldBytes: number): Promise<void> => {
    const closing = file.close();
    await settled();
    workers[at]!.reply(TAKEN, answer(heldBytes));
    await closing;
  };
  expect(workers).toHaveLength(0);
  const [a, b] = [await open('a.h5', 0), await open('b.h5', 1)];
  await close(a, 0, 1000);
  const c = await open('c.h5', 0);
  await close(c, 0, 1 << 30);
  expect(workers.map(worker => worker.isTerminated)).toEqual([true, false]);
  await close(b, 1, 1000);
  await b.close();
  expect(workers[0]!.said).toEqual(['open with 100 bytes', 'close', 'open with 100 bytes', 'close']);
  expect(workers[1]).toMatchObject({ isTerminated: false, isBusy: false });
});

test.each([['etag:1', 1], [undefined, 2]])('content known by %s: a place in which the library was lost is asked for %i times', async (tag, times) => {
  const { workers, start } = fakes();
  const fallback = libraryFallback(start, { callS: 1 });
  let asked = 0;
  for (let round = 0; round < 2; round++) {
    const opening = fallback(source('x.h5', tag), {});
    await settled();
    workers.at(-1)!.reply(TAKEN, answer(undefined));
    const file = await opening;
    const exists = file.exists(['/lost']);
    exists.catch(() => undefined);
    await settled();
    if (workers.at(-1)!.said.at(-1) === 'exists') {
      asked++;
      workers.at(-1)!.reply(TAKEN);
      jest.advanceTimersByTime(1000);
    }
    await expect(exists).rejects.toMatchObject({ tag: 'damaged-file', message: containing('asked for /lost, did not answer within 1 s'), context: { dataset: '/lost' } });
  }
  expect(asked).toBe(times);
});

test('in the web the same messages go through a Worker', async () => {
  const posted: unknown[] = [];
  let isTerminated = false;
  const worker = Object.assign(new EventTarget(), {
    postMessage: (message: unknown, { transfer }: { transfer: ArrayBuffer[] }) => void posted.push({ message, bytes: transfer.map(({ byteLength }) => byteLength) }),
    terminate: () => void (isTerminated = true)
  });
  const say = (data: LibraryReply): boolean => worker.dispatchEvent(Object.assign(new Event('message'), { data }));
  const opening = webLibrary(() => worker as unknown as Worker)(source('x.h5', undefined), {});
  await settled();
  expect(posted).toMatchObject([{ message: { kind: 'open', name: 'x.h5' }, bytes: [100] }]);
  say(TAKEN);
  say(answer(undefined));
  const file = await opening;
  const exists = file.exists(['/a']);
  await settled();
  say(TAKEN);
  worker.dispatchEvent(Object.assign(new Event('error'), { message: 'it broke' }));
  await expect(exists).rejects.toMatchObject({ tag: 'damaged-file', message: containing('stopped: it broke') });
  expect(isTerminated).toBe(true);
});
