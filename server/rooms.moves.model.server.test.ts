import fc from 'fast-check'
import { openDesk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { Model, steps, type Step } from './rooms.moves.model.world.ts'
import { visitor } from './rooms.world.ts'

const number = fc.integer({ min: 0, max: 65_535 })
const history = fc.array(fc.record({ do: fc.constantFrom(...steps), a: number, b: number }), {
  minLength: 8,
  maxLength: 30,
})

roomsTest(
  'whatever is said, read, merged, split and taken back in whatever order, is what a simple model says',
  async (open, t) => {
    const numRuns = t.name.includes('SQLite') ? 40 : 12
    const desk = await openDesk(open)
    const run = async (some: readonly Step[]): Promise<void> => {
      const model = new Model({ ...desk, vera: await visitor(desk.world) })
      for (let i = 0; i < 3; i++) await model.begin()
      for (const step of some) {
        await model.step(step)
        await model.check()
      }
    }
    await fc.assert(fc.asyncProperty(history, run), { numRuns, endOnFailure: true })
  },
)
