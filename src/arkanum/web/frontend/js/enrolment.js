// SPDX-License-Identifier: MPL-2.0
// Enrolment on screen: a clock that runs down, a password that can be copied, and a word when the door has shut.

const ends = new WeakMap();

/** Shows minutes and seconds that are left, and what to say when none is. */
function show(place) {
  if (!ends.has(place)) ends.set(place, Date.now() + Number(place.dataset.countdown) * 1000);
  const left = Math.max(0, Math.round((ends.get(place) - Date.now()) / 1000));
  place.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : place.dataset.over;
  return left;
}

/** Runs every clock of the page; a workplace that waits stops asking once its time is over. */
export function watchCountdowns() {
  const tick = () => {
    for (const place of document.querySelectorAll("[data-countdown]")) {
      if (!show(place)) place.closest("[data-waits]")?.removeAttribute("hx-trigger");
    }
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", tick);
  // Once enrolment is over the server does not answer such a workplace at all, so the page must know by itself.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const clock = event.target.closest?.("[data-waits]")?.querySelector("[data-countdown]");
    if (clock && !show(clock)) event.preventDefault();
  });
}

/** Puts a text of the page into the clipboard and says so on the button. */
export function watchCopies() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
