// SPDX-License-Identifier: MPL-2.0
// Passkeys. The authenticator signs a challenge and computes a secret from a salt (PRF); the secret goes straight into
// the body of one request and is overwritten here. It is never put into the page, an address or a message.

import htmx from "htmx.org";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const isName = () => !/^[\d.]+$|^\[/.test(location.hostname);
const isPossible = () => Boolean(globalThis.PublicKeyCredential && navigator.credentials) && isName();

function text(buffer) {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads the PRF output out of an answer as text for the request, and overwrites it. */
function takeSecret(credential) {
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  if (!secret) return "";
  const taken = text(secret);
  new Uint8Array(secret.buffer ?? secret).fill(0);
  return taken;
}

function say(scope, message) {
  const place = scope.querySelector("[data-passkey-said]");
  place.textContent = message ?? "";
  place.hidden = !message;
}

async function post(address, fields) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams(fields),
    redirect: "error",
  });
  const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-asked]")?.dataset;
  if (!said) throw new Error("no answer");
  if (said.problem) throw new Error(said.problem, { cause: "told" });
  return said;
}

/** Says in plain words what went wrong; what the browser says is not for people. */
function explain(scope, error) {
  const told = error.cause === "told";
  const aborted = ["NotAllowedError", "AbortError"].includes(error.name);
  say(scope, told ? error.message : scope.dataset[aborted ? "aborted" : "broken"]);
}

const prf = (salt) => ({ prf: { eval: { first: bytes(salt) } } });

async function get(asked, allowed = []) {
  return navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge),
      rpId: asked.host,
      userVerification: "required",
      allowCredentials: allowed.map((id) => ({ type: "public-key", id })),
      extensions: prf(asked.salt),
    },
  });
}

async function signIn(scope, button) {
  say(scope);
  button.disabled = true;
  try {
    const got = await get(await post(button.dataset.begin, {}));
    const secret = takeSecret(got);
    if (!secret) throw new Error(scope.dataset.secretless, { cause: "told" });
    const values = {
      credential: text(got.rawId),
      client_data: text(got.response.clientDataJSON),
      authenticator_data: text(got.response.authenticatorData),
      signature: text(got.response.signature),
      prf: secret,
    };
    await htmx.ajax("POST", button.dataset.finish, { values, target: scope, swap: "outerHTML", source: button });
  } catch (error) {
    explain(scope, error);
  } finally {
    button.disabled = false;
  }
}

async function make(asked) {
  return navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.host, name: "Arkanum" },
      user: { id: bytes(asked.user), name: asked.login, displayName: asked.name },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: asked.known.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) })),
      attestation: "none",
      extensions: prf(asked.salt),
    },
  });
}

async function add(form) {
  say(form);
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const asked = await post(form.dataset.begin, { passkey_passphrase: form.elements.passkey_passphrase.value });
    const made = await make(asked);
    // Many authenticators compute only when asked again.
    const secret = takeSecret(made) || takeSecret(await get(asked, [made.rawId]));
    if (!secret) throw new Error(form.dataset.secretless, { cause: "told" });
    await post(form.action, {
      name: form.elements.name.value,
      client_data: text(made.response.clientDataJSON),
      attestation: text(made.response.attestationObject),
      prf: secret,
    });
    location.reload();
  } catch (error) {
    explain(form, error);
  } finally {
    button.disabled = false;
  }
}

function show() {
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = !isPossible();
}

/** Offers passkeys where the browser has them and the page was opened by a name. */
export function watchPasskeys() {
  show();
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-passkey]");
    if (button) signIn(button.closest(".entry-ways"), button);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-passkey-add]")) return;
    event.preventDefault();
    add(event.target);
  });
}
