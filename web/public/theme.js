// Runs before anything is painted, so that a theme that was chosen does not flash in after the other.
try {
  const { theme } = JSON.parse(localStorage.getItem('fermata.preferences') ?? '{}')
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.setAttribute('data-theme', theme)
  }
} catch {
  // Without storage the theme is that of the system.
}
