/* A phrase of the playbook goes into the field that was used last, or onto the clipboard where the page has no field.
   Without this script the phrases can be read and selected all the same. Guidance stays open or closed as it was left. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const FIELDS = ".desk-form textarea, .desk-form input[type=text]";
  const buttons = document.querySelectorAll("[data-copy]");
  let field = document.querySelector(".desk-form textarea[name=proposed]") ?? document.querySelector(".desk-form textarea");
  const heard = Object.assign(document.createElement("p"), { className: "guide-heard", role: "status" });

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(FIELDS)) field = target;
  });

  for (const button of buttons) {
    const phrase = button.parentElement.querySelector("[data-phrase]");
    button.hidden = false;
    button.textContent = field ? "Use" : "Copy";
    button.setAttribute("aria-label", `${button.textContent}: ${phrase.textContent}`);
    button.addEventListener("click", () => (field ? put(phrase.textContent) : copy(phrase)));
  }
  if (buttons.length) document.body.append(heard);

  function put(text) {
    const { selectionStart: at, selectionEnd: end, value } = field;
    const gap = at && !/\s$/u.test(value.slice(0, at)) ? " " : "";
    field.setRangeText(gap + text, at, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    say("Put into the field");
  }

  async function copy(phrase) {
    getSelection().selectAllChildren(phrase);
    try {
      await navigator.clipboard.writeText(phrase.textContent);
      say("Copied");
    } catch {
      say("Selected: copy it with Ctrl+C"); // a page without https has no clipboard
    }
  }

  function say(text) {
    heard.textContent = text;
    heard.classList.add("is-said");
    setTimeout(() => heard.classList.remove("is-said"), 2000);
  }

  const panel = document.querySelector("details#guidance");
  if (panel) {
    const wanted = localStorage.getItem("guidance") ?? (matchMedia("(min-width: 64rem)").matches ? "open" : "closed");
    panel.open = wanted === "open" || location.hash === "#guidance";
    addEventListener("hashchange", () => (panel.open ||= location.hash === "#guidance"));
    panel.querySelector("summary").addEventListener("click", () => localStorage.setItem("guidance", panel.open ? "closed" : "open"));
  }

  const explained = [...document.querySelectorAll("[data-explains]")];
  document.querySelector(".desk-form")?.addEventListener("change", ({ target }) => {
    if (!explained.some((one) => one.dataset.explains === target.value)) return;
    for (const one of explained) one.open = one.dataset.explains === target.value;
  });
});
