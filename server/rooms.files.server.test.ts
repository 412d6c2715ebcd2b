import assert from 'node:assert/strict'
import type { FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Caller } from '@fermata/contract/actors'
import type { FilesTables } from '@fermata/people/files/index'
import { queriesOver } from '@fermata/storage/query'
import { seededRandom } from '@fermata/testkit/random'
import { roomsTest } from './rooms.grounds.world.ts'
import { agent, Refused, uploaded, visitor, type RoomsWorld } from './rooms.world.ts'

const query = queriesOver<FilesTables>()

const allFiles = query()((db) => db.selectFrom('files').select(['bytes', 'hash']))
const allBlobs = query()((db) => db.selectFrom('file_blobs').select('bytes'))
const allTrash = query()((db) => db.selectFrom('file_trash').select('file'))
const allUsage = query()((db) => db.selectFrom('file_usage').select('bytes'))

/** What the database holds of files, all sums taken anew. */
async function heldIn({ storage }: RoomsWorld) {
  const { files, blobs, trash, usage } = await storage.read(async (tx) => ({
    files: await tx.all(allFiles, {}),
    blobs: await tx.all(allBlobs, {}),
    trash: await tx.all(allTrash, {}),
    usage: await tx.all(allUsage, {}),
  }))
  const sum = (rows: readonly { bytes: number }[]) =>
    rows.reduce((all, { bytes }) => all + bytes, 0)
  const open = files.filter(({ hash }) => hash === null)
  return {
    blobs: blobs.length,
    files: files.length,
    trash: trash.length,
    usage: sum(usage),
    isRight: sum(usage) === sum(blobs) + sum(open),
  }
}

async function says(world: RoomsWorld, by: Caller, files: FileId[]) {
  const [inbox] = (await world.call('inboxes.list', world.owner, {})).rows
  const message = { client: world.newClient(), text: '', files }
  const body = { inbox: inbox!.id, message }
  return (await world.call('conversations.open', by, { body })).message
}

roomsTest(
  'files of the same content are held once, as long as one of them is shown',
  async (open) => {
    const world = await open()
    const vera = await visitor(world)
    const messages = []
    for (let i = 0; i < 3; i++) {
      messages.push(await says(world, vera, [await uploaded(world, vera, 'the same words')]))
    }
    await world.rooms.files.tidy()
    assert.deepEqual(await heldIn(world), {
      blobs: 1,
      files: 3,
      trash: 0,
      usage: 14,
      isRight: true,
    })
    for (const { id } of messages) {
      const found = await world.rooms.files.find(vera, messages.at(-1)!.files[0]!.id, 'whole')
      assert.ok(found.ok)
      await world.call('messages.delete', vera, { params: { message: id } })
    }
    await world.rooms.files.tidy()
    assert.deepEqual(await heldIn(world), { blobs: 0, files: 0, trash: 0, usage: 0, isRight: true })
  },
)

roomsTest(
  'uploads of the same content that end at the same moment are one, and none is lost',
  async (open) => {
    const world = await open()
    const vera = await visitor(world)
    for (let round = 0; round < 5; round++) {
      const ids = await Promise.all(
        Array.from({ length: 6 }, () => uploaded(world, vera, `round ${round}, all at once`)),
      )
      const kept = ids.slice(round % 3)
      // While some are given up, others are sent.
      await Promise.all([
        ...ids
          .slice(0, round % 3)
          .map((file) => world.call('uploads.remove', vera, { params: { file } })),
        says(world, vera, kept),
      ])
      await world.rooms.files.tidy()
      for (const id of kept) {
        const found = await world.rooms.files.find(vera, id, 'whole')
        assert.ok(found.ok, 'what is shown is there')
      }
    }
    const held = await heldIn(world)
    assert.deepEqual([held.blobs, held.trash, held.isRight], [5, 0, true])
  },
)

roomsTest(
  'what nobody sends is forgotten after a day, and room is made for others',
  async (open) => {
    const world = await open()
    const vera = await visitor(world)
    await uploaded(world, vera, 'never sent')
    await world.call('uploads.add', vera, { body: { name: 'never begun', bytes: 1_000 } })
    const shown = await says(world, vera, [await uploaded(world, vera, 'sent')])
    assert.equal((await heldIn(world)).usage, 10 + 1_000 + 4)
    // What is done in the background would be cut off by a clock that jumps.
    await world.rooms.files.tidy()
    world.clock.advance(limits.fileUnsentMs / 2)
    const late = await uploaded(world, vera, 'half a day later')
    await world.rooms.files.tidy()
    world.clock.advance(limits.fileUnsentMs / 2 + 1)
    assert.equal(await world.rooms.files.forget(), 2)
    const held = await heldIn(world)
    assert.deepEqual([held.files, held.trash, held.isRight], [2, 0, true])
    assert.ok((await world.rooms.files.find(vera, shown.files[0]!.id, 'whole')).ok)
    assert.ok((await world.rooms.files.find(vera, late, 'whole')).ok)
  },
)

roomsTest(
  'a file is sent by whoever uploaded it, once, and read by those who see the message',
  async (open) => {
    const world = await open()
    const vera = await visitor(world)
    const viktor = await visitor(world)
    const ana = await agent(world, 'Ana')
    const file = await uploaded(world, vera, 'private')
    for (const other of [viktor, ana, world.owner]) {
      assert.equal((await world.rooms.files.find(other, file, 'whole')).ok, false)
      await assert.rejects(says(world, other, [file]), Refused)
    }
    await says(world, vera, [file])
    await assert.rejects(says(world, vera, [file]), Refused)
    assert.equal((await world.rooms.files.find(viktor, file, 'whole')).ok, false)
    for (const one of [vera, ana, world.owner]) {
      assert.equal((await world.rooms.files.find(one, file, 'whole')).ok, true)
    }
  },
)

roomsTest(
  'whatever is uploaded, sent, erased and given up, what is held is counted right',
  async (open, t) => {
    const random = seededRandom(t.name)
    const world = await open()
    const vera = await visitor(world)
    const waiting: FileId[] = []
    const shown: Awaited<ReturnType<typeof says>>[] = []
    for (let step = 0; step < 120; step++) {
      const act = random.pick(['upload', 'upload', 'announce', 'send', 'cancel', 'erase'] as const)
      const drawn = waiting.length === 0 ? undefined : random.below(waiting.length)
      if (act === 'upload' && waiting.length < 20) {
        waiting.push(await uploaded(world, vera, `content ${random.below(6)}`))
      } else if (act === 'announce' && waiting.length < 20) {
        const body = { name: 'x', bytes: 1 + random.below(500) }
        waiting.push((await world.call('uploads.add', vera, { body })).id)
      } else if (act === 'send' && drawn !== undefined) {
        const [file] = waiting.slice(drawn)
        const said = await says(world, vera, [file!]).catch(() => undefined)
        if (said !== undefined) shown.push(said)
        if (said !== undefined) waiting.splice(drawn, 1)
      } else if (act === 'cancel' && drawn !== undefined) {
        const [file] = waiting.splice(drawn, 1)
        await world.call('uploads.remove', vera, { params: { file: file! } })
      } else if (act === 'erase' && shown.length > 0) {
        const [said] = shown.splice(random.below(shown.length), 1)
        await world.call('messages.delete', vera, { params: { message: said!.id } })
      }
      if (step % 20 === 0) await world.rooms.files.tidy()
      assert.equal((await heldIn(world)).isRight, true, `step ${step}`)
    }
    for (const said of shown) {
      const found = await world.rooms.files.find(vera, said.files[0]!.id, 'whole')
      assert.ok(found.ok)
    }
  },
)

roomsTest('visitors never take the room that members need', async (open) => {
  const world = await open()
  const size = limits.fileBytesOfContactMax
  const announced = async (): Promise<boolean> => {
    const crowd = await visitor(world)
    for (let n = 0; n < limits.filesUnsentPerActorMax; n++) {
      try {
        await world.call('uploads.add', crowd, { body: { name: 'x', bytes: size } })
      } catch (error) {
        assert.match(String(error), /"limit_reached".*"fileRoomOfContactsPercentMax"/)
        return false
      }
    }
    return true
  }
  while (await announced());
  const body = { name: 'offer.pdf', bytes: limits.fileBytesMax }
  const { bytes } = await world.call('uploads.add', world.owner, { body })
  assert.equal(bytes, limits.fileBytesMax)
})
