// SPDX-License-Identifier: MPL-2.0
// A foreign file travels as the body of one request, so that the server can seal it while it arrives.

function send(form, file) {
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  const request = new XMLHttpRequest();
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  request.open("POST", form.action);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("X-CSRFToken", token);
  request.setRequestHeader("X-Filename", encodeURIComponent(file.name));
  bar.hidden = false;
  said.textContent = file.name;
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  };
  request.onload = () => {
    const to = request.getResponseHeader("Location");
    if (request.status === 201 && to) location.assign(to);
    else said.textContent = request.status === 413 ? request.responseText : document.body.dataset.failed;
  };
  request.onerror = () => {
    said.textContent = document.body.dataset.offline;
  };
  request.send(file);
}

/** Follows the field for files, and files that are dropped on it: reading begins at once, writing never does. */
export function watchUpload() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const field = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  field.addEventListener("change", () => field.files[0] && send(form, field.files[0]));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files[0]) send(form, event.dataTransfer.files[0]);
    });
  }
}
