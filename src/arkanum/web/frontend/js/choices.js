// SPDX-License-Identifier: MPL-2.0
// Lists under an input that are walked with the arrow keys: the search line and the codes of the command line.
//
//   <input data-choices="#list" aria-controls="list" role="combobox">
//   <div id="list" role="listbox"> <x data-asked="what was typed" data-first="chosen"> … <x role="option" id="…"> …
//
// `data-asked` may also stand on what describes the input, for answers without any option.

const options = (list) => [...list.querySelectorAll('[role="option"]')];
const chosen = (list) => list.querySelector('[role="option"][aria-selected="true"]');

/** Marks one option and tells the input about it. */
export function choose(input, list, option) {
  chosen(list)?.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function step(input, list, by) {
  const all = options(list);
  if (!all.length) return false;
  const at = all.indexOf(chosen(list));
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  choose(input, list, all[next]);
  return true;
}

/** Empties the list; what is typed stays. */
export function close(input, list) {
  list.replaceChildren();
  delete input.dataset.hurry;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

/** Opens a link, or puts a code into the line: written it is only by the next Enter, when its whole text was seen. */
function take(input, option) {
  if (option.dataset.line === undefined) {
    option.click();
    return;
  }
  input.value = option.dataset.line;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

function onKey(event, input, list) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    if (step(input, list, steps[event.key])) event.preventDefault();
    return;
  }
  const option = chosen(list);
  const takes = event.key === "Enter" || (event.key === "Tab" && input.dataset.tab === "takes" && !event.shiftKey);
  if (takes && option) {
    event.preventDefault();
    event.stopPropagation();
    take(input, option);
    if (option.dataset.line !== undefined) close(input, list);
  } else if (event.key === "Escape" && list.childElementCount) {
    event.preventDefault();
    event.stopPropagation();
    close(input, list);
  }
}

/** Enter may come before the answer to the last keystroke: then it waits for it, so that nobody takes a stale hit. */
function waitsForAnswer(event, input, list) {
  if (event.key !== "Enter" || list.dataset.for === input.value.trim()) return false;
  if (input.dataset.waits && !new RegExp(input.dataset.waits, "i").test(input.value)) return false;
  event.preventDefault();
  event.stopPropagation();
  input.dataset.hurry = "yes";
  return true;
}

/** The answer is here: mark the first option if the person may take it unseen, and do what Enter was waiting for. */
function onAnswer(input, list) {
  const answered = list.querySelector("[data-asked]") ?? document.getElementById(input.getAttribute("aria-describedby"));
  list.dataset.for = (answered?.dataset.asked ?? "").trim();
  input.setAttribute("aria-expanded", String(options(list).length > 0));
  if (answered?.dataset.first === "chosen") choose(input, list, options(list)[0]);
  if (!input.dataset.hurry || list.dataset.for !== input.value.trim()) return;
  delete input.dataset.hurry;
  const option = chosen(list);
  if (option) {
    take(input, option);
    if (option.dataset.line !== undefined) close(input, list);
  } else if (input.dataset.tab === "takes") {
    input.form.requestSubmit();
  }
}

/** Follows every input with a list, those that arrive later too. */
export function watchChoices() {
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest?.("[data-choices]");
    const list = input && document.querySelector(input.dataset.choices);
    if (!list || event.isComposing) return;
    if (!waitsForAnswer(event, input, list)) onKey(event, input, list);
  }, true);

  document.addEventListener("click", (event) => {
    const option = event.target.closest?.('[role="option"][data-line]');
    const input = option && document.querySelector(`[data-choices="#${option.closest('[role="listbox"]').id}"]`);
    if (input) {
      take(input, option);
      close(input, option.closest('[role="listbox"]'));
    }
    for (const open of document.querySelectorAll("[data-choices][aria-expanded='true']")) {
      const list = document.querySelector(open.dataset.choices);
      if (list && !open.contains(event.target) && !list.contains(event.target)) close(open, list);
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.target.closest?.('[role="listbox"]');
    const input = list && document.querySelector(`[data-choices="#${list.id}"]`);
    if (input) onAnswer(input, list);
  });
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => delete event.target.dataset?.hurry);
  }
}
