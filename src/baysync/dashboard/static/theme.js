// Runs before the first paint: no flash of the wrong theme.
(() => {
  const theme = localStorage.getItem('theme');
  if (['light', 'dark'].includes(theme)) document.documentElement.dataset.theme = theme;
})();
