// SPDX-License-Identifier: MPL-2.0
// Writing: after an entry is written the line is empty and ready again; Enter in a longer text saves it too.

/** Gives the line back its focus when the chart around it was exchanged, and lets Enter save a text of several lines. */
export function watchLine() {
  document.addEventListener("htmx:afterSettle", (event) => {
    const wanted = event.target.querySelector?.("[data-refocus]");
    if (wanted && !wanted.contains(document.activeElement)) wanted.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches?.("[data-enter]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
}
