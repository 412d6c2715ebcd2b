/** Calls whenever there may be a network again; answers what ends that. */
export function whenAwake(run: () => void): () => void {
  const look = (): void => {
    if (document.visibilityState === 'visible') run()
  }
  window.addEventListener('online', run)
  window.addEventListener('pageshow', run)
  document.addEventListener('visibilitychange', look)
  return () => {
    window.removeEventListener('online', run)
    window.removeEventListener('pageshow', run)
    document.removeEventListener('visibilitychange', look)
  }
}
