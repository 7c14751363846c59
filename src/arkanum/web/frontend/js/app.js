// SPDX-License-Identifier: MPL-2.0
import "./trust.js";
import htmx from "htmx.org";

import { watchBrake } from "./brake.js";
import { watchChoices } from "./choices.js";
import { takeDeviceLink } from "./device-link.js";
import { watchDialogs } from "./dialogs.js";
import { watchCopies, watchCountdowns } from "./enrolment.js";
import { watchFilter } from "./filter.js";
import { watchKeys } from "./keys.js";
import { watchLine } from "./line.js";
import { watchLock } from "./lock.js";
import { watchPasskeys } from "./passkeys.js";
import { watchRepeats } from "./repeats.js";
import { watchUpload } from "./upload.js";

// Nothing of a page may be kept by the browser: no history snapshots, no evaluated strings, no foreign hosts.
Object.assign(htmx.config, {
  allowEval: false,
  attributesToSettle: ["class", "width", "height"],
  allowScriptTags: false,
  historyCacheSize: 0,
  historyEnabled: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
  inlineScriptNonce: "",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(00|09|22|29)", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

/** Says it when the server did not answer as hoped, instead of doing nothing. */
function watchFailures() {
  const say = (text) => {
    const toast = document.querySelector(".toast");
    if (toast) toast.textContent = text;
  };
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 423) say(document.body.dataset.failed);
  });
  document.addEventListener("htmx:beforeRequest", () => say(""));
  // What the server itself says of a failure goes to the edge of the page, whatever its status.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget") === ".toast") event.detail.shouldSwap = true;
  });
}

watchFailures();
watchBrake();
watchKeys();
watchChoices();
watchLine();
watchFilter();
watchRepeats();
watchDialogs();
watchUpload();
watchLock();
watchCountdowns();
watchCopies();
watchPasskeys();
takeDeviceLink();
