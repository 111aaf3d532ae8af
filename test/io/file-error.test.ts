import { fileError } from '../../src/io/file-error.node.js';

const thrown = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  ['EACCES', 'forbidden', false],
  ['EROFS', 'forbidden', false],
  ['ENOSPC', 'io', false],
  ['EIO', 'io', true],
  ['EMFILE', 'io', true],
  ['ENOENT', 'not-found', false],
  ['EWHATEVER', 'io', false]
])('%s is %s, retryable %s, and names path and code', (code, tag, retryable) => {
  const error = fileError(thrown(code), '/a/b', 'could not be written');
  expect(error).toMatchObject({ tag, retryable, context: { file: '/a/b' } });
  expect(error.message).toMatch(/^\/a\/b could not be written: .*\(E/);
  expect(error.cause).toMatchObject({ code });
});
