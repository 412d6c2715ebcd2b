import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The placeholder in the service worker's source that the list of the shell's files replaces. */
const shellMark = '__SHELL_FILES__'

/**
 * Tells the service worker what the shell consists of. The list is part of its text, so a browser
 * that checks for a new worker sees that there is a new shell.
 */
function shellList(): Plugin {
  return {
    name: 'fermata-shell-list',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['worker.js']
      if (worker?.type !== 'chunk') this.error('the service worker was not built')
      const files = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .map((name) => `/${name}`)
        .toSorted()
      if (!worker.code.includes(shellMark))
        this.error('the service worker has no place for the list')
      worker.code = worker.code.replace(shellMark, files.join(' '))
    },
  }
}

/** React Aria brings its words in some thirty languages; ours are two. */
function onlyOurLanguages(): Plugin {
  return {
    name: 'fermata-only-our-languages',
    enforce: 'pre',
    load(id) {
      const language =
        /\/react-(?:aria|stately|aria-components)\/.*\/intl\/(?:.*\/)?([a-z]{2}-[A-Z]{2})\.m?js$/.exec(
          id,
        )
      if (language && language[1] !== 'en-US' && language[1] !== 'it-IT') {
        return 'export default {}'
      }
      return undefined
    },
  }
}

/** Puts compressed twins beside the files that are worth it; the server sends those. */
function compressed(): Plugin {
  return {
    name: 'fermata-compressed',
    enforce: 'post',
    closeBundle() {
      for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(?:js|css|html|svg|webmanifest)$/.test(entry.name)) continue
        const path = join(entry.parentPath, entry.name)
        const bytes = readFileSync(path)
        if (bytes.length < 1_024) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      }
    },
  }
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const dist = here('./dist')

export default defineConfig({
  root: here('.'),
  plugins: [onlyOurLanguages(), react(), tailwindcss(), shellList(), compressed()],
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: ['chrome126', 'firefox128', 'safari18'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: here('./index.html'), worker: here('./app/worker.ts') },
      output: {
        entryFileNames: (chunk) =>
          chunk.name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
})
