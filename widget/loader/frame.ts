import type { FromFrame, FromPage, Hello } from '../link.ts'

/** The frame in the panel, and the page's end of the channel to it. */
export interface Frame {
  /** Whether the document in it has come, whatever it is. */
  readonly loaded: () => boolean
  readonly say: (message: FromPage) => void
  readonly focus: () => void
  readonly remove: () => void
}

/**
 * Puts the frame into the panel. Each time a document has loaded in it, that document gets a new
 * channel, and only if it is of Fermata's own origin: the browser drops the message otherwise.
 */
export function putFrame(
  panel: HTMLElement,
  page: {
    readonly source: URL
    readonly title: string
    hello(): Hello
    heard(message: FromFrame): void
  },
): Frame {
  const element = document.createElement('iframe')
  let port: MessagePort | undefined
  element.title = page.title
  element.src = page.source.href
  element.addEventListener('load', () => {
    port?.close()
    const channel = new MessageChannel()
    port = channel.port1
    port.addEventListener('message', (event: MessageEvent<FromFrame>) => page.heard(event.data))
    port.start()
    element.contentWindow?.postMessage(page.hello(), page.source.origin, [channel.port2])
  })
  panel.append(element)
  return {
    loaded: () => port !== undefined,
    say: (message) => port?.postMessage(message),
    focus() {
      // The element may have the focus while a document that has just come into it has not.
      element.focus()
      element.contentWindow?.focus()
    },
    remove() {
      port?.close()
      element.remove()
    },
  }
}
