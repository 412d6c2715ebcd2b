import { startChat, type Chat } from './chat.ts'
import { readSettings, type HostSettings } from './settings.ts'

declare global {
  interface Window {
    fermata?: HostSettings | Chat
  }
}

const script = document.currentScript

/** A page that includes the script twice still has one chat. */
function start(): void {
  const host = window.fermata ?? {}
  if ('open' in host || !(script instanceof HTMLScriptElement)) return
  window.fermata = startChat(readSettings(script, host))
  window.dispatchEvent(new Event('fermata'))
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
else start()
