import { MaggError } from '../base/index.js';

/** The error of a column that a dataset does not have. */
export function noSuchColumn(file: string, { path, shape }: { readonly path: string; readonly shape: readonly number[] }, index: number): MaggError {
  const has = shape.length === 2 ? `columns 0 to ${shape[1]! - 1}; choose one of them` : 'a column is taken of a dataset of two dimensions only; leave the column out or choose another dataset';
  return new MaggError('no-such-column', `column ${index} of ${path} in ${file} was asked for, but the dataset has the shape (${shape.join(', ')}): ${has}.`, {
    context: { granule: file, file, dataset: path }
  });
}
