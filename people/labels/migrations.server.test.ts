import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { postgresGround } from '../rooms.world.ts'
import { labelsMigrationContract } from './migrations.contract.ts'

labelsMigrationContract(postgresGround(need('postgresql'), startPostgres))
