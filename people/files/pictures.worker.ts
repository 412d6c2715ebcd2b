import { parentPort } from 'node:worker_threads'
import Vips from 'wasm-vips'
import { present } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import type { Looked } from './pictures.ts'

const port = present(parentPort, 'the thread that asks')

// Without its other modules it knows PNG, JPEG, GIF and WebP, and no markup.
const vips = await Vips({
  dynamicLibraries: [],
  // What it thinks of a picture is said by an exception; it would write to our standard error besides.
  preRun(module: { ENV: Record<string, string> }) {
    module.ENV['VIPS_WARNING'] = '0'
  },
})
vips.blockUntrusted(true)
vips.concurrency(1)
vips.Cache.max(0)

/** Whether the picture lies on its side: the values of EXIF's Orientation that swap width and height. */
function liesOnItsSide(image: InstanceType<typeof vips.Image>): boolean {
  return image.getTypeof('orientation') !== 0 && image.getInt('orientation') >= 5
}

function look(bytes: Uint8Array): Looked {
  // The header alone: no pixel is unpacked before it is known how many there are.
  const header = vips.Image.newFromBuffer(bytes, '', { access: 'sequential' })
  const { width, height } = header
  const aside = liesOnItsSide(header)
  header.delete()
  if (width * height > limits.picturePixelsMax) return { why: 'it has too many pixels' }
  const most = limits.thumbnailPixelsMax
  const options = { height: most, size: 'down', fail_on: 'error' }
  const small = vips.Image.thumbnailBuffer(bytes, most, options)
  const webp = small.writeToBuffer('.webp', { Q: 75, keep: 'none' })
  small.delete()
  const size = aside ? { width: height, height: width } : { width, height }
  return { ...size, small: Uint8Array.from(webp) }
}

port.on('message', (bytes: Uint8Array) => {
  let looked: Looked
  try {
    looked = look(bytes)
  } catch (error) {
    looked = { why: error instanceof Error ? error.message : String(error) }
  }
  port.postMessage(looked)
})
