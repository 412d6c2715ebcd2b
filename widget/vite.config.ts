import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const dist = here('./dist')

/** What the reference says of each route is no use to a browser, and a tenth of what it would load. */
function withoutReference(): Plugin {
  return {
    name: 'fermata-without-reference',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/contract\/routes(?:\.[a-z]+)?\.ts$/.test(id)) return undefined
      return code.replaceAll(/\btext:\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),/g, '')
    },
  }
}

/**
 * Two builds in one run: the pages (the frame and the /try page) with their assets, and the loader,
 * which is a classic script in one file because host pages include it by a plain script element.
 */
export default defineConfig({
  root: here('.'),
  base: '/widget/',
  publicDir: false,
  plugins: [withoutReference()],
  build: {
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  environments: {
    client: {
      build: {
        outDir: dist,
        emptyOutDir: true,
        target: ['chrome126', 'firefox128', 'safari18'],
        rolldownOptions: { input: { frame: here('./frame.html'), try: here('./try.html') } },
      },
    },
    loader: {
      consumer: 'client',
      build: {
        outDir: dist,
        emptyOutDir: false,
        // Host pages are open to older browsers than the frame.
        target: ['chrome111', 'firefox115', 'safari16.4'],
        rolldownOptions: {
          input: { widget: here('./loader/main.ts') },
          output: { format: 'iife', entryFileNames: 'widget.js' },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      // One after the other: the first one empties the folder.
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'ssr') await builder.build(environment)
      }
    },
  },
})
