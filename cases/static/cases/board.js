// The board shows what is chosen at once; without this, its button does.
for (const form of document.querySelectorAll("[data-shows-what-is-chosen]")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
