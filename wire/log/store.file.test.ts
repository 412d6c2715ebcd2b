import { contractOf } from './store.contract.ts'
import { openFileWorld } from './store.file.world.ts'

contractOf('file', (t) => openFileWorld(t))
