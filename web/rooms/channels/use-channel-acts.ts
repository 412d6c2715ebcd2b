import type { ChannelId, MemberId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import { tried } from '../../state/trouble.ts'
import { useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useNotices } from '../../ui/toast.tsx'

/** Does something to a channel, and says why it was not done. */
export function useChannelActs() {
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const said = async (call: () => Promise<Result<unknown, Refusal>>): Promise<boolean> => {
    const result = await tried(call)
    if (!result.ok) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    return result.ok
  }
  return {
    join: (channel: ChannelId, member: MemberId) =>
      said(() => client.channels.join({ params: { channel, member } })),
    leave: (channel: ChannelId, member: MemberId) =>
      said(() => client.channels.leave({ params: { channel, member } })),
    archive: (channel: ChannelId) => said(() => client.channels.archive({ params: { channel } })),
    restore: (channel: ChannelId) => said(() => client.channels.restore({ params: { channel } })),
  }
}
