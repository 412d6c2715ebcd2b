/**
 * What the host page and the frame say to each other. The page speaks first: once the frame has
 * loaded it posts a `Hello` to exactly the server's origin, with one end of a channel; everything
 * after that goes through the channel, which nobody else holds.
 */

/** Who the visitor is, as the host's own server has signed it. */
export type Identity =
  | { readonly jwt: string }
  | {
      readonly externalId: string
      readonly hmac: string
      readonly name?: string
      readonly email?: string
    }

/** Light, dark, or whatever the visitor's system prefers. */
export type Theme = 'light' | 'dark' | 'auto'

/** The first message of the page, by `window.postMessage`. */
export interface Hello {
  readonly fermata: 'hello'
  /** What the page's storage holds for this inbox. */
  readonly entries: Readonly<Record<string, string>>
  readonly identity: Identity | null
  readonly theme: Theme
  /** The language the host wants, or null for the visitor's own. */
  readonly language: string | null
  /** Whether the panel is shown now. */
  readonly shown: boolean
}

/** What the page says to the frame through the channel. */
export type FromPage =
  | { readonly type: 'show'; readonly focus: boolean }
  | { readonly type: 'hide' }
  | { readonly type: 'identify'; readonly identity: Identity }
  /** Another tab of the host has changed what is stored. */
  | { readonly type: 'stored'; readonly name: string; readonly value: string | null }
  /** The frame holds the lock that it asked for; `entries` is what is stored now. */
  | { readonly type: 'locked'; readonly entries: Readonly<Record<string, string>> }

/** What the frame says to the page through the channel. */
export type FromFrame =
  /** The frame is ours and has understood the hello. */
  | { readonly type: 'ready' }
  | { readonly type: 'store'; readonly name: string; readonly value: string | null }
  | { readonly type: 'unread'; readonly count: number }
  | { readonly type: 'close' }
  /**
   * Asks for the lock that one tab of the host holds at a time. Once it is held, `asked` is stored as
   * the token to ask for, unless another is stored already.
   */
  | { readonly type: 'lock'; readonly asked: string }
  | { readonly type: 'unlock' }
