import { sqliteGround } from '../rooms.world.ts'
import { labelsMigrationContract } from './migrations.contract.ts'

labelsMigrationContract(sqliteGround())
