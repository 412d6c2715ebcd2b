import type { ReactNode } from 'react'

/** The beginning of a page of the settings. */
export function PageHead(props: { title: string; lead: string; children?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 pb-6">
      <div className="min-w-0 basis-80 grow">
        <h1 tabIndex={-1} data-landing="page" className="text-title font-semibold tracking-tight">
          {props.title}
        </h1>
        <p className="text-soft">{props.lead}</p>
      </div>
      {props.children}
    </header>
  )
}

/** A part of a page of the settings. */
export function PagePart(props: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4 border-t border-line py-6">
      <div>
        <h2 className="font-semibold">{props.title}</h2>
        {props.lead !== undefined && <p className="text-soft">{props.lead}</p>}
      </div>
      {props.children}
    </section>
  )
}

/** Things one under the other, each with what can be done to it at its end. */
export function Things(props: { children: ReactNode }) {
  return <ul className="flex flex-col border-t border-line">{props.children}</ul>
}

/** One of the things. */
export function Thing(props: {
  icon?: ReactNode
  title: ReactNode
  text?: ReactNode
  children?: ReactNode
}) {
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
      {props.icon}
      <div className="min-w-0 grow basis-48">
        <p className="truncate font-medium">{props.title}</p>
        {props.text !== undefined && <p className="truncate text-soft">{props.text}</p>}
      </div>
      {props.children}
    </li>
  )
}

/** What is said where there is nothing yet. */
export function NoThings(props: { children: ReactNode }) {
  return <p className="border-t border-line py-6 text-soft">{props.children}</p>
}
