// SPDX-License-Identifier: MPL-2.0
// Trusted Types: the one place where a string may become markup. htmx hands fragments of our own server to the
// browser's parser; nothing else may, and a string never becomes a script. What a person wrote is escaped and holds no
// "<", so a tag that could run or load something is always a mistake; handlers in attributes the policy of the page stops.
if (globalThis.trustedTypes?.createPolicy) {
  globalThis.trustedTypes.createPolicy("default", {
    createHTML: (markup) => (/<(script|iframe|object|embed|base|style)\b/i.test(markup) ? null : markup),
  });
}
