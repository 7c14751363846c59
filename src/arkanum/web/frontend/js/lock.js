// SPDX-License-Identifier: MPL-2.0
// The lock of the screen. Who touches neither keyboard nor mouse for five minutes is taken to be away: the page blanks
// itself and shows who may go on. Everything of the page stays where it is, so that half a sentence is not lost; the
// guard locks the session as well, whatever this script does.
//
// The tabs of one browser share the session: they tell each other when somebody was here, locked, came back or left.

import htmx from "htmx.org";

const SOON_MS = 1000;
const TELL_MS = 20_000;
const EVENTS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"];
const root = document.documentElement;
const clocks = { wall: Date.now(), run: performance.now() };
const told = { server: performance.now(), tabs: 0 };
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("arkanum") : { postMessage() {} };
let title = "";

const isLocked = () => "locked" in root.dataset;
const overlay = () => document.querySelector("#lock");
const after = () => Number(document.body.dataset.lockSeconds) * 1000;

/** Two clocks, because one of them stands still while the machine sleeps and the other may be turned. */
function idleFor() {
  return Math.max(Date.now() - clocks.wall, performance.now() - clocks.run);
}

function noteUse() {
  clocks.wall = Date.now();
  clocks.run = performance.now();
}

/** Somebody is here: that puts off the lock in every tab, and in the guard when nothing else has asked it for a while. */
function used() {
  if (isLocked() || idleFor() > after()) return;
  noteUse();
  const now = performance.now();
  if (now - told.tabs > SOON_MS) {
    told.tabs = now;
    tabs.postMessage({ kind: "used" });
  }
  if (now - told.server > TELL_MS) {
    told.server = now;
    htmx.ajax("POST", document.body.dataset.here, { swap: "none", source: document.body });
  }
}

function blank() {
  if (isLocked()) return;
  title = document.title;
  document.title = overlay().dataset.title;
  root.dataset.locked = "";
  overlay().hidden = false;
  document.activeElement?.blur?.();
}

function fill() {
  document.querySelector("#lock-offline").hidden = true;
  return htmx.ajax("POST", document.body.dataset.lock, { target: "#lock #entry", swap: "outerHTML", source: overlay() });
}

/** Blanks the page at once, then tells the guard and shows who may go on. */
export function lock({ tell = true } = {}) {
  if (isLocked()) return;
  blank();
  if (tell) tabs.postMessage({ kind: "locked" });
  fill();
}

function unlock(wrong) {
  overlay().hidden = true;
  overlay().querySelector("#entry").replaceChildren();
  delete root.dataset.locked;
  document.title = title;
  noteUse();
  const toast = document.querySelector(".toast");
  if (toast) toast.textContent = wrong ? document.body.dataset.wrongPins.replace("{}", wrong) : "";
}

/** Chooses the person whose page this is, where they rest here, and lets them type. */
function ready() {
  const own = overlay().querySelector(`[name=person][value="${document.body.dataset.person}"]`);
  if (own && !overlay().querySelector(".notice.bad")) own.checked = true;
  (overlay().querySelector("#pin") ?? overlay().querySelector("[autofocus]"))?.focus();
}

function onMessage({ data }) {
  if (data.kind === "used") noteUse();
  else if (data.kind === "locked") lock({ tell: false });
  else if (data.kind === "here" && data.person === document.body.dataset.person) {
    if (isLocked()) unlock(0);
  } else leave();
}

/** Another person, or nobody: nothing of this page may stay. */
function leave() {
  root.dataset.leaving = "";
  location.replace("/");
}

function watchRequests() {
  document.addEventListener("htmx:configRequest", (event) => {
    if (isLocked()) event.detail.parameters.page = document.body.dataset.person;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    // What the page asks by itself rests too; only the ways in are asked.
    if (isLocked() && !event.detail.requestConfig.path.startsWith("/anmelden")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", () => isLocked() && ready());
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, () => {
      if (isLocked()) document.querySelector("#lock-offline").hidden = false;
    });
  }
  document.addEventListener("locked", () => lock());
  document.addEventListener("unlocked", (event) => {
    tabs.postMessage({ kind: "here", person: document.body.dataset.person });
    unlock(event.detail.wrong);
  });
}

function watchPeople() {
  for (const kind of EVENTS) document.addEventListener(kind, used, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.altKey && event.key.toLowerCase() === "l") {
      event.preventDefault();
      lock();
    }
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-lock-now]")) {
      event.preventDefault();
      lock();
    }
    if (event.target.closest?.("[data-lock-again]")) fill();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-signs-out]")) tabs.postMessage({ kind: "left" });
  });
}

function look() {
  if (!isLocked() && idleFor() > after()) lock();
}

/** Watches pages that belong to somebody; the others have nothing to hide. */
export function watchLock() {
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.(".sitter")?.closest("form");
    if (form) form.elements.pin.focus();
  });
  if (!overlay()) {
    if (document.querySelector("[data-pin-form]")) document.querySelector("#pin")?.focus();
    return;
  }
  watchRequests();
  watchPeople();
  tabs.onmessage = onMessage;
  // A page that comes back out of the browser's memory is shown only after the server has said whose turn it is.
  globalThis.addEventListener("pagehide", () => {
    root.dataset.leaving = "";
  });
  globalThis.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
    else delete root.dataset.leaving;
  });
  for (const kind of ["visibilitychange", "resume"]) document.addEventListener(kind, look);
  globalThis.addEventListener("focus", look);
  setInterval(look, SOON_MS);
  // Another tab may show another person by now.
  tabs.postMessage({ kind: "here", person: document.body.dataset.person });
}
