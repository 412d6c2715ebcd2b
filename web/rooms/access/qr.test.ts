import assert from 'node:assert/strict'
import { test } from 'node:test'
import read from 'jsqr'
import { qrSquares } from './qr.ts'

/** What a camera would see of the squares: each of some pixels, in black and white, with light around. */
function seen(squares: readonly (readonly boolean[])[]): {
  pixels: Uint8ClampedArray
  side: number
} {
  const scale = 5
  const side = (squares.length + 8) * scale
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isDark = squares[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4] === true
      if (isDark) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3)
    }
  }
  return { pixels, side }
}

test('a camera reads what was put into the code', () => {
  const texts = [
    'otpauth://totp/Fermata:ana%40acme.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fermata',
    'a',
    '~ '.repeat(500),
  ]
  for (const text of texts) {
    const { pixels, side } = seen(qrSquares(text))
    assert.equal(read.default(pixels, side, side)?.data, text)
  }
  assert.throws(() => qrSquares('é'))
  assert.throws(() => qrSquares('x'.repeat(2332)))
})
