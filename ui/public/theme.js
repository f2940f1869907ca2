// Sets theme and density before the first paint, from what this person chose last time on this computer.
(() => {
  const root = document.documentElement;
  let look = {};
  try {
    look = JSON.parse(localStorage.getItem('daybook.preferences') || '{}');
  } catch {
    // A damaged preference only costs the default look.
  }
  const asks = (query) => matchMedia(query).matches;
  const system = asks('(prefers-contrast: more)') ? 'contrast' : asks('(prefers-color-scheme: dark)') ? 'dark' : 'light';
  root.dataset.theme = ['light', 'dark', 'contrast'].includes(look.theme) ? look.theme : system;
  root.dataset.density = look.density === 'comfortable' ? 'comfortable' : 'compact';
})();
