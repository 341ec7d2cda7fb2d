// Before the first paint, so that a dark page never flashes white. A file of its own: the server allows no inline script.
try {
  const stored = localStorage.getItem('mainstay.theme');
  if (stored === 'light' || stored === 'dark') document.documentElement.dataset.theme = stored;
} catch {
  // Without storage the system's choice stands.
}
