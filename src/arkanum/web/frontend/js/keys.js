// SPDX-License-Identifier: MPL-2.0
// Keys that work everywhere: / search, n new entry, j and k through the entries, e correct, ? help, Esc back.

const isWriting = (element) =>
  element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") ?? false;

function focus(selector) {
  const element = document.querySelector(selector);
  if (!element) return false;
  element.focus();
  element.select?.();
  return true;
}

function walk(by) {
  const links = [...document.querySelectorAll(".entry > a")].filter((link) => link.parentElement.offsetParent);
  const at = links.findIndex((link) => link.parentElement.contains(document.activeElement));
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
  next?.focus();
  next?.parentElement.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function back(event) {
  const target = event.target;
  if (isWriting(target)) {
    target.blur();
    return true;
  }
  const link = document.querySelector("[data-back]");
  link?.click();
  return Boolean(link);
}

const KEYS = {
  "/": () => focus("#find"),
  n: () => focus("[data-new]"),
  j: () => walk(1),
  k: () => walk(-1),
  "?": () => {
    const help = document.querySelector("#keys");
    if (help && !help.open) help.showModal();
    return Boolean(help);
  },
};

/** Listens for the keys; a key typed into a field is a letter, except Esc. */
export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (back(event)) event.preventDefault();
      return;
    }
    if (!isWriting(event.target) && KEYS[event.key]?.()) event.preventDefault();
  });
}
