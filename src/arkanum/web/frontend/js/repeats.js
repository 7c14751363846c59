// SPDX-License-Identifier: MPL-2.0
// "One more": copies the <template> of a list of fields and numbers its names.

function add(list) {
  const template = list.querySelector("template");
  const number = Number(list.dataset.next);
  list.dataset.next = String(number + 1);
  const copy = template.content.cloneNode(true);
  for (const element of copy.querySelectorAll("[name], [id], [for], [aria-label]")) {
    for (const attribute of ["name", "id", "for"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace("-N-", `-${number}-`));
    }
  }
  const first = copy.querySelector("input, select");
  template.before(copy);
  first?.focus();
}

/** Follows the buttons that add a row and those that take one away. */
export function watchRepeats() {
  document.addEventListener("click", (event) => {
    const more = event.target.closest?.("[data-more]");
    if (more) add(document.querySelector(more.dataset.more));
    const less = event.target.closest?.("[data-less]");
    if (less) less.closest("[data-repeat]").remove();
  });
}
