import { MaggError } from '../base/index.js';

/** The error of a response that is no success: 404 and 410 `not-found`, 401 and 403 `forbidden`, others `io`. */
export function statusError(name: string, { status, statusText }: Response): MaggError {
  const found = `${name}: the server answered ${status}${statusText ? ` ${statusText}` : ''}`;
  const context = { file: name };
  if (status === 404 || status === 410) return new MaggError('not-found', `${found}: there is no such file. Check the link, or search for granules again.`, { context });
  if (status === 401 || status === 403) return new MaggError('forbidden', `${found}: it does not let you read this file. Log in where the file comes from, or renew the credentials.`, { context });
  if (status === 429 || status >= 500 || status === 408) return new MaggError('io', `${found}: it is busy or broken. Try again later.`, { context, retryable: true });
  return new MaggError('io', `${found}, expected 206 with a part of the file. Check the link.`, { context });
}

/** What `fetch` or reading a body threw: `cancelled` when the signal was aborted, otherwise `io`, retryable. */
export function networkError(name: string, thrown: unknown, signal: AbortSignal | undefined): MaggError {
  if (thrown instanceof MaggError) return thrown;
  if (signal?.aborted) return new MaggError('cancelled', 'the run was cancelled', { cause: thrown });
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? `: ${thrown.cause.message}` : '';
  // The engine quotes the URL as it was given, with what must not be shown.
  const text = (thrown instanceof Error ? `${thrown.message}${inner}` : String(thrown)).replace(/[a-z]+:\/\/\S+/gi, name);
  return new MaggError('io', `${name} could not be fetched (${text}). Check the connection; in a page, the server must also allow other origins (CORS).`, { cause: thrown, retryable: true, context: { file: name } });
}
