import { DataError } from './data-error.js';
import type { Pixels } from './pixels.js';

/** The endings of files that are images. */
export const imageEndings = /\.(?:png|jpe?g)$/i;

/** More than any camera has. */
const mostMegapixels = 200;

/** The pixels of a PNG or JPEG file; what is transparent has the color that is stored there. The decoders are loaded when they are needed. Throws `DataError`. */
export async function decodeImage(bytes: Uint8Array, file: string): Promise<Pixels> {
  const isPng = bytes[0] === 0x89 && bytes[1] === 0x50;
  if (!isPng && !(bytes[0] === 0xff && bytes[1] === 0xd8)) throw new DataError(`${file} is neither a PNG nor a JPEG image`);
  if (isPng) refuseHuge(bytes, file);
  try {
    const { width, height, data } = isPng ? await png(bytes) : await jpeg(bytes);
    const rgb = new Uint8Array(width * height * 3);
    const stride = data.length / (width * height);
    for (let i = 0, at = 0; i < rgb.length; i += 3, at += stride) {
      rgb[i] = data[at] as number;
      rgb[i + 1] = data[at + 1] as number;
      rgb[i + 2] = data[at + 2] as number;
    }
    return { width, height, rgb };
  } catch (error) {
    const reason = (error instanceof Error ? error.message.split('\n')[0] : undefined) ?? String(error);
    // This is how pngjs says that a file is cut off.
    throw new DataError(`${file} cannot be decoded: ${/read requests/.test(reason) ? 'it ends too early' : reason}`);
  }
}

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

async function png(bytes: Uint8Array): Promise<Decoded> {
  const { PNG } = interop(await import('pngjs'));
  return PNG.sync.read(bytes as Parameters<typeof PNG.sync.read>[0]);
}

async function jpeg(bytes: Uint8Array): Promise<Decoded> {
  const { decode } = interop(await import('jpeg-js'));
  return decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: mostMegapixels });
}

/** Both packages are CommonJS: their names may be available only under `default`. */
function interop<T extends object>(module: T & { readonly default?: T }): T {
  return module.default ?? module;
}

/** A small file may claim to be a huge image. */
function refuseHuge(bytes: Uint8Array, file: string): void {
  if (bytes.length < 24) throw new DataError(`${file} cannot be decoded: it ends in its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width * height > mostMegapixels * 1e6) throw new DataError(`${file} cannot be decoded: it has ${width} x ${height} pixels`);
}
