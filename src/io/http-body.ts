import { MaggError } from '../base/index.js';
import { networkError } from './http-error.js';

/** Reads a body into `target`, which must be as long as the body is to be. A body of another length is an error, `truncated` and retryable when it is shorter. */
export async function readBody(name: string, response: Response, target: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let done = 0;
  const reader = response.body?.getReader();
  try {
    while (reader) {
      const { done: ended, value } = await reader.read();
      if (ended) break;
      if (done + value.length > target.length) {
        await reader.cancel();
        throw new MaggError('io', `${name}: the server sent more than the ${target.length} bytes that were asked for. A proxy may be changing answers: download the file and name its path.`, { context: { file: name } });
      }
      target.set(value, done);
      done += value.length;
    }
  } catch (error) {
    throw networkError(name, error, signal);
  }
  if (done === target.length) return target;
  throw new MaggError('truncated', `${name}: the connection ended after ${done} of ${target.length} bytes. Try again.`, { retryable: true, context: { file: name } });
}
