// SPDX-License-Identifier: MPL-2.0
// Filtering the chart by kind happens here, in the page that is already there: no question, no waiting.

const STATE = { only: "" };

function apply() {
  const course = document.querySelector("#course");
  if (!course) return;
  if (STATE.only && document.querySelector(`[data-kind="${STATE.only}"]`)) course.dataset.only = STATE.only;
  else delete course.dataset.only;
  for (const button of document.querySelectorAll("[data-kind]")) {
    button.setAttribute("aria-pressed", String(button.dataset.kind === (course.dataset.only ?? "")));
  }
}

/** Follows the buttons over the list; the choice outlives an exchange of the chart. */
export function watchFilter() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-kind]");
    if (!button) return;
    STATE.only = STATE.only === button.dataset.kind ? "" : button.dataset.kind;
    apply();
  });
  document.addEventListener("htmx:afterSettle", apply);
}
