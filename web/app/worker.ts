/// <reference lib="webworker" />

/**
 * The service worker: it keeps the shell of the app, so that it opens without a network. It never touches
 * what the server answers to the app (/v1), nor any other page of the server.
 */
const worker = self as unknown as ServiceWorkerGlobalScope

/** The build puts the shell's files here; see vite.config.ts. */
const shellFiles = '__SHELL_FILES__'.split(' ').filter((name) => name.startsWith('/'))

const cacheName = 'fermata-shell'
const page = '/'
const others = ['/theme.js', '/icon.svg', '/manifest.webmanifest']

/** How long the network may take to bring the page before the kept one is shown, in milliseconds. */
const networkMsMax = 3_000

worker.addEventListener('install', (event) => {
  event.waitUntil(install())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(activate())
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== worker.location.origin) return
  if (request.mode === 'navigate' && isOfTheApp(pathname)) event.respondWith(pageNow())
  else if (pathname.startsWith('/assets/')) event.respondWith(assetFor(request))
  else if (others.includes(pathname)) event.respondWith(freshOrKept(request))
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll([page, ...others, ...shellFiles])
  await worker.skipWaiting()
}

/** Forgets the files of former shells; a page that is open has loaded all of its own by now. */
async function activate(): Promise<void> {
  const cache = await caches.open(cacheName)
  const wanted = new Set([page, ...others, ...shellFiles])
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request)
  }
  await worker.clients.claim()
}

function isOfTheApp(pathname: string): boolean {
  return pathname === '/' || /^\/(?:inbox|settings|setup)(?:\/|$)/.test(pathname)
}

/**
 * The newest page if the network brings it in time, so that a new version of the server is met at once.
 * Every address of the app is answered with the same page.
 */
function pageNow(): Promise<Response> {
  return freshOrKept(new Request(page, { signal: AbortSignal.timeout(networkMsMax) }))
}

async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const key = new URL(request.url).pathname
  try {
    const answer = await fetch(request)
    // A proxy that answers for a server that is away is no better than no answer.
    if (!answer.ok) return (await cache.match(key)) ?? answer
    await cache.put(key, answer.clone())
    return answer
  } catch (error) {
    const kept = await cache.match(key)
    if (kept) return kept
    throw error
  }
}

/** The name of an asset changes with its content, so a kept one is never old. */
async function assetFor(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}
