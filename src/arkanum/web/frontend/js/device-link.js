// SPDX-License-Identifier: MPL-2.0
// A device link carries its secret behind the #, where no server and no log sees it. It is taken out of the address
// before anything else, and sent once in the body of a form.

/** Puts the fragment into the waiting form and sends it. */
export function takeDeviceLink() {
  const form = document.querySelector("[data-device-link]");
  const link = location.hash.slice(1);
  if (!form || !link) return;
  history.replaceState(null, "", location.pathname);
  form.elements.link.value = link;
  form.submit();
}
