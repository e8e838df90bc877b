import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type ClassFolder, classNames, imageFiles } from '../../data/classes.js';
import { type Column, joinedColumns } from '../../data/column.js';
import { checkInputs } from '../../data/column-names.js';
import { DataError } from '../../data/data-error.js';
import type { Dataset } from '../../data/dataset.js';
import { imageEndings } from '../../data/decode-image.js';
import { ImageSet } from '../../data/image-set.js';
import { type BatchInputs, imageInputs } from '../../data/inputs.js';
import { Table } from '../../data/table.js';
import { hostError } from '../../node/host-error.js';
import { UsageError } from '../usage-error.js';
import type { Fingerprint } from './run-record.js';
import type { DataSettings } from './settings.js';
import { digestOf, readTable, tableEndings } from './table-files.js';

/** Rows that were found, and what they are called. */
export interface FoundData {
  readonly dataset: Dataset;
  /** Of a folder of images: the names of the classes in the order of their numbers. */
  readonly classes: readonly string[] | undefined;
  readonly fingerprint: Fingerprint;
}

/** Reads the data at `path`: a file, a folder of such files, or a folder of images. `classes` are those of the training data. Throws `DataError` and `HostError`. */
export async function findData(path: string, inputs: BatchInputs, settings: DataSettings, classes?: readonly string[]): Promise<FoundData> {
  checkInputs(inputs.inputs, settings.columns);
  checkInputs(inputs.inputs, settings.padding, 'pad');
  const files = isFolder(path) ? dataFilesIn(path) : [path];
  if (files.length === 0) return imageFolder(path, inputs, settings, classes);
  refuseImageOptions(settings, path);
  const tables: (readonly Column[])[] = [];
  const digests: string[] = [];
  for (const file of files) {
    const { columns, digest } = await readTable(file, inputs.inputs, settings.columns);
    tables.push(columns);
    digests.push(`${relative(path, file)} ${digest}`);
  }
  const columns = inputs.inputs.map((_, i) => joinedColumns(tables.map((table) => table[i] as Column)));
  const dataset = new Table(columns, settings.padding);
  if (dataset.count === 0) throw new DataError(`${path} has no rows`);
  return { dataset, classes: undefined, fingerprint: { data: digestOf(digests.join('\n')) } };
}

function dataFilesIn(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile() && tableEndings.test(entry.name))
    .map(({ name }) => join(folder, name));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw hostError('read', path, error);
  }
}

/** What is in a folder, by name, without what is hidden. Links count as what they lead to. */
function entriesOf(folder: string): readonly { readonly name: string; isFile(): boolean; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => (entry.isSymbolicLink() ? linked(folder, entry.name) : entry));
  } catch (error) {
    throw hostError('read', folder, error);
  }
}

function linked(folder: string, name: string): { readonly name: string; isFile(): boolean; isDirectory(): boolean } {
  const found = statSync(join(folder, name), { throwIfNoEntry: false });
  return { name, isFile: () => found?.isFile() === true, isDirectory: () => found?.isDirectory() === true };
}

/** Images that are left out would be missed without a word. */
const otherImages = /\.(?:webp|gif|bmp|tiff?|avif|heic)$/i;

function imageFolder(path: string, inputs: BatchInputs, settings: DataSettings, known: readonly string[] | undefined): FoundData {
  const folders = entriesOf(path)
    .filter((entry) => entry.isDirectory())
    .map(({ name }): ClassFolder => {
      const folder = join(path, name);
      const files = entriesOf(folder).filter((entry) => entry.isFile());
      const other = files.find((file) => otherImages.test(file.name));
      if (other !== undefined) throw new DataError(`${join(folder, other.name)}: only PNG and JPEG images are read`);
      return { name, path: folder, images: files.filter((file) => imageEndings.test(file.name)).map((file) => join(folder, file.name)) };
    });
  if (folders.length === 0)
    throw new DataError(`${path} has no data`, 'it needs .npz, .safetensors, .csv or .jsonl files or folders of images');
  const names = classNames(folders, path);
  const classes = known ?? names;
  for (const option of ['columns', 'padding'] as const)
    if (settings[option].size > 0)
      throw new UsageError(`\`--${option === 'padding' ? 'pad' : option}\` has no effect on a folder of images`);
  const files = imageFiles(folders, classes);
  const dataset = new ImageSet(files, readImage, imageInputs(inputs), settings.images);
  const lines = (of: (file: string) => string | number) => digestOf(files.map((file) => of(file.path)).join('\n'));
  return { dataset, classes, fingerprint: { data: lines((file) => relative(path, file)), sizes: lines(sizeOf) } };
}

async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw hostError('read', path, error);
  }
}

function refuseImageOptions({ images }: DataSettings, path: string): void {
  const given = { resize: images.resize, mean: images.mean, std: images.std, augment: images.flip || images.crop || undefined };
  for (const [option, value] of Object.entries(given))
    if (value !== undefined) throw new UsageError(`\`--${option}\` is for folders of images, and ${path} is none`);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw hostError('read', path, error);
  }
}
