// Comfort only: without this file every page works by links and forms.
(() => {
  'use strict';
  const root = document.documentElement;
  const order = ['auto', 'light', 'dark'];
  const words = { auto: 'as the system', light: 'light', dark: 'dark' };

  const button = document.getElementById('theme');
  const name = () => button.setAttribute('aria-label', `Theme: ${words[root.dataset.theme]}. Switch`);
  button.hidden = false;
  name();
  button.addEventListener('click', () => {
    root.dataset.theme = order[(order.indexOf(root.dataset.theme) + 1) % order.length];
    localStorage.setItem('theme', root.dataset.theme);
    name();
  });

  // The overview asks for itself every few seconds; not while paused, hidden, or being read by selection.
  const live = document.getElementById('livebtn');
  if (live && window.htmx) {
    live.hidden = false;
    const say = (on, word) => {
      live.setAttribute('aria-pressed', on);
      live.querySelector('.lbl').textContent = word;
    };
    live.addEventListener('click', () => {
      const on = live.getAttribute('aria-pressed') !== 'true';
      say(on, on ? 'Live' : 'Paused');
    });
    document.addEventListener('htmx:before:request', (event) => {
      if (event.target.id !== 'panel') return;
      const reading = String(document.getSelection()).length > 0;
      if (live.getAttribute('aria-pressed') !== 'true' || document.hidden || reading) event.preventDefault();
    });
    const lost = () => { live.classList.add('err'); live.querySelector('.lbl').textContent = 'Reconnecting'; };
    document.addEventListener('htmx:error', lost);
    document.addEventListener('htmx:response:error', lost);
    document.addEventListener('htmx:after:swap', () => {
      if (live.classList.contains('err')) { live.classList.remove('err'); say(true, 'Live'); }
    });
  }
  root.dataset.ready = '1';
})();
