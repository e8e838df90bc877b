import { DataError } from './data-error.js';
import type { ImageFile } from './image-set.js';

/** A folder of images that belong to one class. */
export interface ClassFolder {
  readonly name: string;
  readonly path: string;
  /** The paths of its images, in their order. */
  readonly images: readonly string[];
}

/** The names of classes in the order of their numbers: sorted, as torchvision and Keras do. Throws `DataError` if the folders are not those of classes, or if a class is empty. */
export function classNames(folders: readonly ClassFolder[], folder: string): readonly string[] {
  const names = folders.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));
  if (names.length === 0)
    throw new DataError(`${folder} has no folders of images`, 'a folder for each class is needed, with its images in it');
  if (names.includes('train') && names.every((name) => ['train', 'val', 'valid', 'validation', 'test'].includes(name))) {
    const other = names.find((name) => name.startsWith('val')) ?? 'test';
    throw new DataError(
      `${folder} has folders for training and validation, not for classes`,
      names.length === 1 ? `\`--data ${folder}/train\`` : `\`--data ${folder}/train --val-data ${folder}/${other}\``,
    );
  }
  for (const { path, images } of folders)
    if (images.length === 0) throw new DataError(`the class ${path} is empty: it has no PNG or JPEG images`);
  return names;
}

/** The images of all classes, class by class. Throws `DataError` for a class that is not in `classes`. */
export function imageFiles(folders: readonly ClassFolder[], classes: readonly string[]): readonly ImageFile[] {
  const labels = new Map(classes.map((name, label) => [name, label]));
  const unknown = folders.find(({ name }) => !labels.has(name));
  if (unknown !== undefined)
    throw new DataError(
      `${unknown.path}: the training data have no class \`${unknown.name}\``,
      `they have ${classes.slice(0, 12).join(', ')}`,
    );
  return [...folders]
    .sort((a, b) => (labels.get(a.name) ?? 0) - (labels.get(b.name) ?? 0))
    .flatMap(({ name, images }) => images.map((path) => ({ path, label: labels.get(name) ?? 0 })));
}
