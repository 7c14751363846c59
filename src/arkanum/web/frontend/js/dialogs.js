// SPDX-License-Identifier: MPL-2.0
// Small things a button does without the server: open and close a dialog, print, take a suggestion.

const DEEDS = {
  open: (button) => document.querySelector(button.dataset.open).showModal(),
  close: (button) => button.closest("dialog").close(),
  print: () => globalThis.print(),
  take: (button) => {
    const [from, ...into] = button.dataset.take.split(" ");
    const words = document.querySelector(from).textContent.trim();
    for (const selector of into) {
      const field = document.querySelector(selector);
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  },
  show: (button) => {
    const field = document.querySelector(button.dataset.show);
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
  },
};

/** Follows the buttons, and closes menus when the person looks elsewhere. */
export function watchDialogs() {
  document.addEventListener("click", (event) => {
    for (const [deed, act] of Object.entries(DEEDS)) {
      const button = event.target.closest?.(`[data-${deed}]`);
      if (button) act(button);
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  }, true);
}
