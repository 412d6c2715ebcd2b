import type { Chat } from '../loader/chat.ts'

/** Speaks Italian to whoever prefers it. */
function translate(): void {
  const [first = 'en'] = navigator.languages
  if (!/^it\b/i.test(first)) return
  document.documentElement.lang = 'it'
  for (const element of document.querySelectorAll<HTMLElement>('[data-it]')) {
    element.textContent = element.dataset['it'] ?? ''
  }
}

translate()
for (const button of document.querySelectorAll('.ask')) {
  button.addEventListener('click', () => {
    const { fermata } = window as { fermata?: Partial<Chat> }
    fermata?.open?.()
  })
}
