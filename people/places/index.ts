export {
  accessInbox,
  inboxForCaller,
  inboxViews,
  promisesOf,
  teamSeesInbox,
  visibleInboxes,
} from './access.ts'
export type { InboxChange, NewInbox } from './actions.ts'
export type { PlacesDeps } from './deps.ts'
export {
  placesRoom,
  widgetInbox,
  type OriginScope,
  type PlacesRoom,
  type PlacesRoute,
} from './http.ts'
export { placesMigrations } from './migrations.ts'
