export {
  accessInbox,
  inboxForCaller,
  inboxViews,
  promisesOf,
  teamSeesInbox,
  inboxDuties,
  visibleInboxes,
  type InboxDuty,
} from './access.ts'
export {
  accessChannel,
  channelFellowsOf,
  channelForCaller,
  hearersOfChannel,
  visibleChannels,
  type AccessedChannel,
} from './channels.access.ts'
export type { InboxChange, NewInbox } from './actions.ts'
export type { PlacesDeps } from './deps.ts'
export type { PlacesRoute } from './http.ts'
export { placesMigrations } from './migrations.ts'
export { placesRoom, type PlacesRoom } from './room.ts'
export { firstWidgetPage, widgetInbox, widgetPage, type OriginScope } from './widget.ts'
