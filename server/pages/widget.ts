import type { FastifyInstance, FastifyReply } from 'fastify'
import { fileOf, type BuiltFile, type BuiltFiles } from './files.ts'
import { forEverybody, sendFile, sendPage, sendUnbuilt } from './send.ts'

/** What the pages of the widget need to know of an inbox. */
export interface WidgetInbox {
  readonly key: string
  /** The web origins whose pages may show it. */
  readonly origins: readonly string[]
}

/** What the pages of the widget ask the rooms. */
export interface WidgetInboxes {
  /** The inbox of medium `widget` with this key, or null. */
  byKey(key: string): Promise<WidgetInbox | null>
  /** The one that has been there longest, or null while there is none. */
  first(): Promise<WidgetInbox | null>
}

/** Stands in the built pages where the inbox's key goes. */
const keyMark = '__FERMATA_KEY__'

/** A page with the key of an inbox in it. The key's letters mean nothing in HTML or in a script. */
function withKey(page: BuiltFile, key: string): BuiltFile | null {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(key)) return null
  return fileOf(Buffer.from(page.bytes.toString().replaceAll(keyMark, key)), '.html')
}

function sendNoInbox(reply: FastifyReply, text: string): FastifyReply {
  return reply.code(404).type('text/plain; charset=utf-8').send(text)
}

/**
 * Mounts what customers' pages load: the script that shows the launcher, the frame that holds the
 * chat, and a page to try it on. The frame may be shown by the origins that its inbox lists.
 */
export function mountWidget(
  app: FastifyInstance,
  files: BuiltFiles | null,
  inboxes: WidgetInboxes,
): void {
  const head = { exposeHeadRoute: true }

  app.get('/widget.js', head, (request, reply) => {
    const script = files?.get('widget.js')
    if (script === undefined) return sendUnbuilt(reply, 'The widget')
    forEverybody(reply)
    return sendFile(request, reply, script, 'shortly')
  })

  app.get('/widget/frame/:key', async (request, reply) => {
    const frame = files?.get('frame.html')
    if (frame === undefined) return sendUnbuilt(reply, 'The widget')
    const { key } = request.params as { key: string }
    const inbox = await inboxes.byKey(key)
    const page = inbox === null ? null : withKey(frame, inbox.key)
    if (inbox === null || page === null) return sendNoInbox(reply, 'There is no such inbox.\n')
    // A host page that isolates itself shows only frames that say they may be shown.
    void reply.header('cross-origin-resource-policy', 'cross-origin')
    return sendPage(request, reply, page, inbox.origins)
  })

  app.get('/try', async (request, reply) => {
    const template = files?.get('try.html')
    if (template === undefined) return sendUnbuilt(reply, 'The widget')
    const inbox = await inboxes.first()
    const page = inbox === null ? null : withKey(template, inbox.key)
    if (page === null) {
      return sendNoInbox(reply, 'There is no inbox with a widget yet: set the server up first.\n')
    }
    return sendPage(request, reply, page, null)
  })

  for (const [name, file] of files ?? []) {
    if (!name.startsWith('assets/')) continue
    app.get(`/widget/${name}`, head, (request, reply) => {
      forEverybody(reply)
      return sendFile(request, reply, file, 'forever')
    })
  }
}
