import assert from 'node:assert/strict'
import type { Kysely } from 'kysely'
import { inIdList, inIntList, inTextList, idList, jsonList, lockForUpdate } from './lists.ts'
import { UniqueViolation, type Storage } from './port.ts'
import {
  addToNumber,
  allThings,
  insertThing,
  newId,
  plain,
  testsOver,
  thing,
  thingByName,
  thingsQuery,
  thingsMigration,
  type Adapter,
  type Thing,
} from './contract.world.ts'

/** Runs what every adapter promises about transactions, values and lists. */
export function storageContract(adapter: Adapter): void {
  const check = testsOver(adapter)

  const names = (storage: Storage): Promise<string[]> =>
    storage.read(async (tx) => (await tx.all(allThings, {})).map((one) => one.name))

  check('an action answers with its value and its rows are there', async (storage) => {
    const answer = await storage.write(async (tx) => {
      assert.equal(await tx.run(insertThing, thing('a')), 1)
      return (await tx.get(thingByName, { name: 'a' }))?.name
    })
    assert.equal(answer, 'a')
    assert.deepEqual(await names(storage), ['a'])
  })

  check('an action that throws takes back its own work and no neighbour’s', async (storage) => {
    const broken = new Error('no')
    const done = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) =>
        storage.write(async (tx) => {
          await tx.run(insertThing, thing(name))
          if (name === 'b') throw broken
          return name
        }),
      ),
    )
    assert.deepEqual(
      done.map((one) => (one.status === 'fulfilled' ? one.value : one.reason)),
      ['a', broken, 'c'],
    )
    assert.deepEqual(await names(storage), ['a', 'c'])
  })

  check('a value of every kind comes back as it went in', async (storage) => {
    const full: Thing = {
      id: newId(),
      name: 'naïve “café” 🎵 \\ \' " % _',
      number: -Number.MAX_SAFE_INTEGER,
      note: '',
      data: new Uint8Array([0, 1, 127, 128, 255]),
    }
    const empty: Thing = { ...thing('empty', Number.MAX_SAFE_INTEGER), data: new Uint8Array() }
    await storage.write(async (tx) => {
      await tx.run(insertThing, full)
      await tx.run(insertThing, empty)
    })
    for (const one of [full, empty]) {
      const found = await storage.read((tx) => tx.get(thingByName, { name: one.name }))
      assert.ok(found?.id instanceof Uint8Array)
      assert.deepEqual(
        { ...found, id: plain(found.id), data: plain(found.data) },
        { ...one, id: plain(one.id), data: plain(one.data) },
      )
      assert.equal(Object.getPrototypeOf(found), Object.prototype)
    }
    assert.equal(await storage.read((tx) => tx.get(thingByName, { name: 'none' })), undefined)
  })

  check(
    'a row with a key that is taken is a UniqueViolation, and nothing is kept',
    async (storage) => {
      await storage.write((tx) => tx.run(insertThing, thing('taken')))
      const again = storage.write(async (tx) => {
        await tx.run(insertThing, thing('other'))
        await tx.run(insertThing, thing('taken'))
      })
      await assert.rejects(again, (error) => {
        assert.ok(error instanceof UniqueViolation)
        assert.ok(error.cause instanceof Error)
        return true
      })
      assert.deepEqual(await names(storage), ['taken'])
    },
  )

  check('two that race for one key: one gets it, the other finds it there', async (storage) => {
    const ensure = (number: number): Promise<number> =>
      storage.write(async (tx) => {
        const found = await tx.get(thingByName, { name: 'one' })
        if (found !== undefined) return found.number
        await tx.run(insertThing, thing('one', number))
        return number
      })
    const answers = await Promise.all([1, 2, 3, 4].map(ensure))
    assert.equal(new Set(answers).size, 1, 'all four must answer with the row that was kept')
  })

  check('changes to one row by many actions are all counted', async (storage) => {
    await storage.write((tx) => tx.run(insertThing, thing('counter')))
    const locked = thingsQuery<{ name: string }>()<Thing>((db, p, dialect) =>
      lockForUpdate(db.selectFrom('things').selectAll().where('name', '=', p.name), dialect),
    )
    const setNumber = thingsQuery<{ name: string; number: number }>()((db, p) =>
      db.updateTable('things').set({ number: p.number }).where('name', '=', p.name),
    )
    const step = (): Promise<number> =>
      storage.write(async (tx) => {
        const { number } = (await tx.get(locked, { name: 'counter' }))!
        return tx.run(setNumber, { name: 'counter', number: number + 1 })
      })
    await Promise.all(Array.from({ length: 50 }, step))
    const counter = await storage.read((tx) => tx.get(thingByName, { name: 'counter' }))
    assert.equal(counter?.number, 50)
  })

  check('a statement may change rows and answer with them', async (storage) => {
    const answer = await storage.write(async (tx) => {
      await tx.run(insertThing, thing('a', 5))
      return tx.get(addToNumber, { name: 'a', by: 2 })
    })
    assert.deepEqual(answer, { number: 7 })
  })

  check('a read sees nothing of an action that has not committed', async (storage) => {
    await storage.write(async (tx) => {
      await tx.run(insertThing, thing('a'))
      assert.deepEqual(await names(storage), [])
    })
    assert.deepEqual(await names(storage), ['a'])
  })

  check('a read stands on one snapshot while others commit', async (storage) => {
    await storage.read(async (tx) => {
      assert.equal((await tx.all(allThings, {})).length, 0)
      await storage.write((write) => write.run(insertThing, thing('a')))
      assert.equal((await tx.all(allThings, {})).length, 0)
    })
    assert.deepEqual(await names(storage), ['a'])
  })

  check('many reads at once do not disturb each other', async (storage) => {
    await storage.write((tx) => tx.run(insertThing, thing('a')))
    const looks = Array.from({ length: 40 }, (_, i) =>
      storage.read(async (tx) => {
        await tx.get(thingByName, { name: 'a' })
        if (i % 7 === 3) throw new Error(`look ${i}`)
        return (await tx.all(allThings, {})).length
      }),
    )
    const done = await Promise.allSettled(looks)
    done.forEach((one, i) => {
      if (i % 7 === 3) assert.equal(one.status === 'rejected' && one.reason.message, `look ${i}`)
      else assert.equal(one.status === 'fulfilled' && one.value, 1)
    })
  })

  check('a transaction cannot be used after it has ended', async (storage) => {
    const kept = await storage.write(async (tx) => tx)
    await assert.rejects(kept.get(thingByName, { name: 'a' }), /after it has ended/)
    await assert.rejects(kept.run(insertThing, thing('a')), /after it has ended/)
    const look = await storage.read(async (tx) => tx)
    await assert.rejects(look.all(allThings, {}), /snapshot was given back/)
    assert.deepEqual(await names(storage), [])
  })

  check('a parameter that is missing is refused by name', async (storage) => {
    const missing = storage.read((tx) => tx.get(thingByName, {} as { name: string }))
    await assert.rejects(missing, /the parameter name must be given/)
  })

  check('lists of ids, texts and numbers of any length are one parameter', async (storage) => {
    const things = ['a', 'b', 'c', 'd'].map((name, i) => thing(name, i))
    await storage.write(async (tx) => {
      for (const one of things) await tx.run(insertThing, one)
    })
    const lists = {
      ids: thingsQuery<{ list: string }>()((db, p, dialect) =>
        db
          .selectFrom('things')
          .select('name')
          .where(inIdList('id', p.list, dialect)),
      ),
      texts: thingsQuery<{ list: string }>()((db, p, dialect) =>
        db
          .selectFrom('things')
          .select('name')
          .where(inTextList('name', p.list, dialect)),
      ),
      numbers: thingsQuery<{ list: string }>()((db, p, dialect) =>
        db
          .selectFrom('things')
          .select('name')
          .where(inIntList('number', p.list, dialect)),
      ),
    }
    const found = (list: string, by: keyof typeof lists): Promise<string[]> =>
      storage.read(async (tx) => (await tx.all(lists[by], { list })).map((row) => row.name).sort())
    assert.deepEqual(await found(idList([things[1]!.id, things[3]!.id, newId()]), 'ids'), [
      'b',
      'd',
    ])
    assert.deepEqual(await found(idList([]), 'ids'), [])
    assert.deepEqual(await found(jsonList(['c', 'x', "'"]), 'texts'), ['c'])
    assert.deepEqual(await found(jsonList([0, 2, 77]), 'numbers'), ['a', 'c'])
  })

  check('a library’s Kysely reads, writes and takes back', async (storage) => {
    const db = storage.kysely() as Kysely<{ things: Thing }>
    const made = await db.insertInto('things').values(thing('a', 1)).returning('name').execute()
    assert.deepEqual(made, [{ name: 'a' }])
    const doomed = db.transaction().execute(async (trx) => {
      await trx.insertInto('things').values(thing('b')).execute()
      throw new Error('taken back')
    })
    await assert.rejects(doomed, /taken back/)
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('things').values(thing('c')).execute()
      const changed = await trx.updateTable('things').set({ number: 9 }).executeTakeFirst()
      assert.equal(changed.numUpdatedRows, 2n)
    })
    assert.deepEqual(await names(storage), ['a', 'c'])
    await storage.durable()
    assert.equal(storage.durable(), undefined)
  })

  check('a library and actions take turns', async (storage) => {
    const db = storage.kysely() as Kysely<{ things: Thing }>
    const both = Array.from({ length: 30 }, (_, i) =>
      i % 2 === 0
        ? storage.write((tx) => tx.run(insertThing, thing(`t${i}`)))
        : db.transaction().execute(async (trx) => {
            await trx
              .insertInto('things')
              .values(thing(`t${i}`))
              .execute()
            await new Promise((resolve) => setImmediate(resolve))
          }),
    )
    await Promise.all(both)
    assert.equal((await names(storage)).length, 30)
  })

  check(
    'what was written is there after closing and opening again',
    async (storage, _, subject) => {
      await storage.write((tx) => tx.run(insertThing, thing('a')))
      await storage.close()
      await assert.rejects(storage.write((tx) => tx.run(insertThing, thing('b'))))
      await assert.rejects(storage.read((tx) => tx.all(allThings, {})))
      const db = storage.kysely() as Kysely<{ things: Thing }>
      await assert.rejects(db.selectFrom('things').selectAll().execute())
      const again = await subject.open([thingsMigration])
      assert.deepEqual(await names(again), ['a'])
    },
  )
}
