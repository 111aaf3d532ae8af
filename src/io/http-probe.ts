import { Limiter } from '../base/index.js';
import { networkError } from './http-error.js';
import { contentRange, tagOf } from './http-headers.js';
import { shownUrl, type HttpSourceOptions } from './http-source.js';
import type { SourceState } from './source-state.js';

/**
 * Size and tag of a file behind HTTP, for one byte of it; undefined for an answer that tells neither, such as 404: who reads the
 * file will be told why. Throws `io` when there is no answer, `cancelled`.
 */
export async function probeHttp(url: string, { fetch: ask = fetch, limiter = new Limiter(4), headers = {} }: HttpSourceOptions = {}, signal?: AbortSignal): Promise<SourceState | undefined> {
  return limiter.run(async () => {
    let response: Response;
    try {
      response = await ask(url, { headers: { ...headers, Range: 'bytes=0-0' }, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw networkError(shownUrl(url), error, signal);
    }
    await response.body?.cancel();
    const sizeBytes = response.status === 206 || response.status === 416 ? contentRange(response)?.total : undefined;
    return sizeBytes === undefined ? undefined : { sizeBytes, tag: tagOf(response) };
  });
}
