// Writes the pages of docs/ that are made from the code: `npm run docs`.

import { writeFileSync } from 'node:fs'
import { currentErrorsPage } from './errors-doc.ts'
import { root } from './sources.ts'

writeFileSync(`${root}docs/errors.md`, await currentErrorsPage())
