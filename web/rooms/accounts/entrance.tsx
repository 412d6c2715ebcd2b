import type { ReactNode } from 'react'
import { Mark } from '../../ui/mark.tsx'

/** The page before the inbox: one column in the middle of the paper. */
export function Entrance(props: { title: string; lead?: string; children: ReactNode }) {
  return (
    <main className="quiet-scroll flex h-full flex-col items-center overflow-y-auto px-6">
      <div className="flex w-full max-w-84 flex-col gap-6 pt-[16vh] pb-16">
        <header className="flex flex-col gap-4">
          <Mark size={36} />
          <h1 className="text-display font-semibold tracking-tight">{props.title}</h1>
          {props.lead !== undefined && <p className="text-soft">{props.lead}</p>}
        </header>
        {props.children}
      </div>
    </main>
  )
}
