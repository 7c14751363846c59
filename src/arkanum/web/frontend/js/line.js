// SPDX-License-Identifier: MPL-2.0
// The command line of the chart: after an entry is written the line is empty and ready again.

/** Gives the line back its focus when the chart around it was exchanged. */
export function watchLine() {
  document.addEventListener("htmx:afterSettle", (event) => {
    const wanted = event.target.querySelector?.("[data-refocus]");
    if (wanted && !wanted.contains(document.activeElement)) wanted.focus({ preventScroll: true });
  });
}
