// The theme's search boxes hide the field that their label names: whoever cannot see hears the same name from the box.
function nameSearchBoxes() {
  for (const field of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = field.nextElementSibling;
    const name = field.labels[0]?.textContent.trim();
    if (!name || !box) continue;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
      part.setAttribute("aria-label", name);
    }
  }
}

// the theme makes its boxes when the page has loaded, after us
window.addEventListener("load", () => setTimeout(nameSearchBoxes));
