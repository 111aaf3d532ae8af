import { Limiter, MaggError, mergeRanges, throwIfAborted, type Abortable, type ByteRange } from '../base/index.js';
import { checkRanges } from './check-ranges.js';
import { networkError, statusError } from './http-error.js';
import { contentRange, tagOf } from './http-headers.js';
import { readBody } from './http-body.js';
import type { RangeSource, ReadBuffer } from './range-source.js';
import { assertUnchanged, type SourceState } from './source-state.js';

export interface HttpSourceOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Shared by all that speak to one host; default: four requests at once for this source alone. */
  readonly limiter?: Limiter;
  /** Ranges at most this far apart are read in one request. Default 64 kB. */
  readonly gapBytes?: number;
  /** Sent with every request, as for a login. They are never part of a message. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What asking for the size brings along, so that the first look at a file costs one request and not two. */
const HEAD_BYTES = 65_536;
/** Joined ranges end here, so that a large read uses several connections. */
const MAX_REQUEST_BYTES = 8 << 20;

/**
 * A file behind HTTP, in Node and in pages. Only a 206 with the Content-Range that was asked for counts as an answer, and a
 * 200 only when the whole file was asked for and its length is the file's: servers and proxies that ignore ranges would
 * otherwise give wrong bytes of the right length. Across origins the server must expose Content-Range.
 */
export function httpSource(url: string, options: HttpSourceOptions = {}): RangeSource {
  const { limiter = new Limiter(4), gapBytes = 65_536, headers = {}, fetch: ask = (u, init) => fetch(u, init) } = options;
  const name = shownUrl(url);
  let known: Promise<Head> | undefined;

  const request = async (offset: number, length: number, signal: AbortSignal | undefined): Promise<Response> => {
    try {
      return await ask(url, { headers: { ...headers, Range: `bytes=${offset}-${offset + length - 1}` }, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw networkError(name, error, signal);
    }
  };
  const head = (signal: AbortSignal | undefined): Promise<Head> => {
    known ??= limiter.run(async () => readHead(name, await request(0, HEAD_BYTES, signal), signal)).catch((error: unknown) => {
      known = undefined; // an error is not remembered: the next call asks again
      throw error;
    });
    return known;
  };
  const fetchRange = async ({ offset, length }: ByteRange, state: SourceState, into: ReadBuffer | undefined, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    throwIfAborted(signal);
    const response = await request(offset, length, signal);
    const isWhole = offset === 0 && length === state.sizeBytes;
    if (!(response.status === 200 && isWhole)) await assertRange(name, response, offset, length, state);
    await assertSame(name, response, state);
    return readBody(name, response, into?.take(length) ?? new Uint8Array(length), signal);
  };

  return {
    name,
    async size({ signal }: Abortable = {}) {
      throwIfAborted(signal);
      return (await head(signal)).sizeBytes;
    },
    async tag({ signal }: Abortable = {}) {
      throwIfAborted(signal);
      return (await head(signal)).tag;
    },
    async expect(before, { signal } = {}) {
      throwIfAborted(signal);
      if (known) assertUnchanged(name, before, await known);
      else known = Promise.resolve({ ...before, bytes: new Uint8Array(0) });
    },
    async read(ranges, { signal, into } = {}) {
      throwIfAborted(signal);
      const state = await head(signal);
      const { sizeBytes, bytes: first } = state;
      throwIfAborted(signal);
      checkRanges(name, sizeBytes, ranges);
      const out = new Array<Uint8Array>(ranges.length);
      const far: number[] = [];
      ranges.forEach(({ offset, length }, i) => {
        if (offset + length <= first.length) out[i] = first.subarray(offset, offset + length);
        else if (length === 0) out[i] = new Uint8Array(0);
        else far.push(i);
      });
      const wanted = far.map(i => ranges[i]!);
      await Promise.all(
        mergeRanges(wanted, gapBytes, MAX_REQUEST_BYTES).map(merged =>
          limiter.run(async () => {
            const bytes = await fetchRange(merged, state, into, signal);
            for (const member of merged.members) {
              const start = wanted[member]!.offset - merged.offset;
              out[far[member]!] = bytes.subarray(start, start + wanted[member]!.length);
            }
          })
        )
      );
      return out;
    },
    close: () => Promise.resolve()
  };
}

interface Head extends SourceState {
  /** The first bytes of the file, at most {@link HEAD_BYTES}; none where only its state is known. */
  readonly bytes: Uint8Array;
}

async function readHead(name: string, response: Response, signal: AbortSignal | undefined): Promise<Head> {
  const range = contentRange(response);
  const tag = tagOf(response);
  if (response.status === 416 && range?.total === 0) {
    await response.body?.cancel();
    return { sizeBytes: 0, tag, bytes: new Uint8Array(0) };
  }
  if (response.status === 200) {
    const length = Number(response.headers.get('Content-Length') ?? NaN);
    if (length <= HEAD_BYTES) return { sizeBytes: length, tag, bytes: await readBody(name, response, new Uint8Array(length), signal) };
  }
  const total = range?.total;
  await assertRange(name, response, 0, total === undefined ? HEAD_BYTES : Math.min(HEAD_BYTES, total), undefined);
  if (total === undefined) throw ignoresRanges(name, 'a Content-Range without the size of the file');
  return { sizeBytes: total, tag, bytes: await readBody(name, response, new Uint8Array(Math.min(HEAD_BYTES, total)), signal) };
}

/** Throws unless the response is a 206 with these very bytes, and of a file as large as `before` where that is known. */
async function assertRange(name: string, response: Response, offset: number, length: number, before: SourceState | undefined): Promise<void> {
  const range = contentRange(response);
  const isSize = before === undefined || range?.total === before.sizeBytes;
  if (response.status === 206 && range?.first === offset && range.last === offset + length - 1 && isSize) return;
  await response.body?.cancel();
  // 416: the file ends before what is asked for.
  if (before && (response.status === 206 || response.status === 416) && range?.total !== undefined) assertUnchanged(name, before, { sizeBytes: range.total, tag: tagOf(response) });
  if (response.status !== 200 && response.status !== 206) throw statusError(name, response);
  const found = response.headers.get('Content-Range');
  throw ignoresRanges(name, `status ${response.status} with ${found === null ? 'no Content-Range (or one that the server does not let pages see)' : `Content-Range ${JSON.stringify(found)}`}`);
}

/** Throws `granule-changed` when the response is of another content than before; the size of a 206 is known to be right. */
async function assertSame(name: string, response: Response, before: SourceState): Promise<void> {
  try {
    const length = response.status === 200 ? response.headers.get('Content-Length') : null;
    assertUnchanged(name, before, { sizeBytes: length === null ? before.sizeBytes : Number(length), tag: tagOf(response) });
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
}

const ignoresRanges = (name: string, found: string): MaggError =>
  new MaggError('io', `${name}: a part of the file was asked for, expected status 206 with the Content-Range asked for, found ${found}. The server or a proxy ignores ranges: download the file and name its path.`, { context: { file: name } });

/** Without query and user, which may hold a signature or password: names go into messages and journals. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}
