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
      heard();
    });
    const lost = () => { live.classList.add('err'); live.querySelector('.lbl').textContent = 'Reconnecting'; };
    let unanswered = 0;
    const heard = () => {
      clearTimeout(unanswered);
      unanswered = 0;
      live.classList.remove('err');
    };
    document.addEventListener('htmx:before:request', (event) => {
      if (event.target.id !== 'panel') return;
      const reading = String(document.getSelection()).length > 0;
      if (live.getAttribute('aria-pressed') !== 'true' || document.hidden || reading) event.preventDefault();
      else if (!unanswered) unanswered = setTimeout(lost, 1500);  // figures this old are not live
    });
    document.addEventListener('htmx:error', lost);
    document.addEventListener('htmx:response:error', lost);
    document.addEventListener('htmx:after:swap', () => {
      const was = live.classList.contains('err');
      heard();
      if (was) say(true, 'Live');
    });
  }
  root.dataset.ready = '1';
})();
