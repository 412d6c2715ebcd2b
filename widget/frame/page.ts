import type { FromFrame, FromPage, Hello } from '../link.ts'

/** The frame's end of the channel to the page that shows it. */
export interface Page {
  readonly hello: Hello
  readonly say: (message: FromFrame) => void
  /** Hears everything that the page says from now on. */
  readonly hear: (listener: (message: FromPage) => void) => void
}

function isHello(data: unknown): data is Hello {
  return typeof data === 'object' && data !== null && 'fermata' in data && data.fermata === 'hello'
}

/**
 * Waits for the page. Only the window that shows this frame is listened to, only its first hello
 * counts, and only the channel that came with it is used from then on. Which pages may show this
 * frame at all is the server's word: `frame-ancestors` lists the inbox's origins, and a page without
 * an origin of its own (sandboxed, or a file) is none of them.
 */
export function meetPage(self: Window): Promise<Page> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports
      if (event.source !== self.parent || self.parent === self) return
      if (event.origin === 'null' || port === undefined || !isHello(event.data)) return
      self.removeEventListener('message', listen)
      resolve(pageOf(event.data, port))
    }
    self.addEventListener('message', listen)
  })
}

function pageOf(hello: Hello, port: MessagePort): Page {
  return {
    hello,
    say: (message) => port.postMessage(message),
    hear(listener) {
      port.addEventListener('message', (event: MessageEvent<FromPage>) => listener(event.data))
      port.start()
    },
  }
}
