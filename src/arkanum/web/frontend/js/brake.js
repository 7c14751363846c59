// SPDX-License-Identifier: MPL-2.0
// When the brake stops a question that a part of the page asked, it asks for the pass phrase over the page; then the
// same question is asked again, so that nothing that was typed is lost.
import htmx from "htmx.org";

let stopped = null;

/** Opens the brake's dialog over the page, and goes on with what it stopped. */
export function watchBrake() {
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const own = detail.requestConfig.elt.closest?.("#brake");
    if (detail.xhr.getResponseHeader("X-Arkanum-Brake") && !own) stopped = detail.requestConfig;
  });
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    const dialog = target.closest?.("#brake")?.querySelector("dialog[data-modal]");
    if (dialog && !dialog.open) dialog.showModal();
  });
  document.addEventListener("arkanum-go-on", () => {
    document.querySelector("#brake")?.replaceChildren();
    const again = stopped;
    stopped = null;
    if (!again) return;
    htmx.ajax(again.verb, again.path, { source: again.elt, target: again.target, values: again.parameters });
    again.elt.focus?.({ preventScroll: true });
  });
}
