"use strict";
// The server sends the list again whenever it is another. Only what differs is
// replaced, so that whoever is about to click or to select is not disturbed.
(() => {
  const list = document.getElementById("list");
  const live = document.getElementById("live");
  const ended = document.getElementById("ended");

  const replace = (old, next) => {
    const inside = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceWith(next);
    if (inside !== null) {
      for (const link of next.querySelectorAll("a")) {
        if (link.getAttribute("href") === inside) {
          link.focus();
          break;
        }
      }
    }
  };

  const show = (html) => {
    const next = document.createElement("template");
    next.innerHTML = html;
    const names = (root) => [...root.querySelectorAll("[id]")].map((one) => one.id).join(" ");
    if (names(next.content) !== names(list)) {
      list.replaceChildren(next.content);
      return;
    }
    for (const one of [...next.content.querySelectorAll("[id]")]) {
      const old = document.getElementById(one.id);
      if (old.outerHTML !== one.outerHTML) {
        replace(old, one);
      }
    }
  };

  const state = (on) => {
    live.textContent = on ? "live" : "ended";
    live.classList.toggle("off", !on);
    ended.hidden = on;
    document.body.classList.toggle("over", !on);
  };

  // After the page has loaded: what is under way before that keeps browsers showing that it loads.
  window.addEventListener("load", () => setTimeout(() => {
    const events = new EventSource("events");
    events.onopen = () => state(true);
    events.onerror = () => state(false); // the browser tries again by itself
    events.onmessage = (event) => show(event.data);
  }, 0));
})();
