// Nothing that was typed is lost. Whoever leaves a form with unsaved words is asked first; long texts are kept in this
// tab as they are typed, and offered again after a crash or an expired session. They are kept by person and address,
// go when the server says that they were saved (the cookie “saved”), and go with everything else on signing out.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const ALL = "unsaved:";
  const who = document.getElementById("desk-who")?.dataset.who;
  const WORDS = "textarea[name], input[type=text][name], input:not([type])[name]";
  const NO_WORDS = ".admin-autocomplete, [readonly], [disabled], [name=q]";

  const forms = [...document.querySelectorAll("form[method=post]")].filter(
    (form) => !form.getAttribute("action")?.endsWith("/logout/") && form.dataset.unsaved !== "off" && words(form).length,
  );

  function words(form) {
    return [...form.querySelectorAll(WORDS)].filter((field) => !field.matches(NO_WORDS));
  }

  function forget(isMeant) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(ALL) && isMeant(key)) sessionStorage.removeItem(key);
    }
  }

  let signingOut = false;
  for (const form of document.querySelectorAll("form[action$='/logout/']")) {
    form.addEventListener("submit", () => {
      signingOut = true;
      forget(() => true);
    });
  }
  if (!who) return; // the page on which one signs in: whose words are kept shows after it

  const mine = `${ALL}${who}:`;
  forget((key) => !key.startsWith(mine));
  const saved = document.cookie.match(/(?:^|; )saved=([^;]*)/);
  if (saved) {
    const path = decodeURIComponent(saved[1]);
    forget((key) => key.startsWith(`${mine}${path}#`));
    document.cookie = "saved=; path=/; max-age=0";
  }

  let leaving = false;
  const changed = new Set();
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && !signingOut && changed.size) event.preventDefault();
  });

  forms.forEach((form, number) => {
    const key = `${mine}${location.pathname}#${number}`;
    let waiting;

    function keep() {
      if (signingOut) return;
      const before = JSON.parse(sessionStorage.getItem(key) || "null")?.told ?? {}; // a fault brought them back as they were
      const typed = words(form).filter((field) => field.value !== field.defaultValue || field.name in before);
      const told = Object.fromEntries(typed.filter((field) => field.value).map((field) => [field.name, field.value]));
      if (Object.keys(told).length) sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), told }));
      else sessionStorage.removeItem(key);
    }

    form.addEventListener("input", () => {
      changed.add(form);
      clearTimeout(waiting);
      waiting = setTimeout(keep, 300);
    });
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (changed.has(form)) keep();
      leaving = true;
      setTimeout(() => { leaving = false; }, 5000); // nothing came of it
    });
    window.addEventListener("pagehide", () => {
      if (changed.has(form)) { clearTimeout(waiting); keep(); }
    });
    offer(form, key, changed);
  });

  // What was typed here before and not saved. Where the fields show it already, the server has sent it back with a fault.
  function offer(form, key, changed) {
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (!kept) return;
    const fields = new Map(words(form).map((field) => [field.name, field]));
    const differ = Object.entries(kept.told).filter(([name, value]) => fields.get(name)?.value !== value);
    if (!differ.length) {
      changed.add(form);
      return;
    }
    const note = document.createElement("div");
    note.className = "desk-draft";
    note.setAttribute("role", "status");
    const said = document.createElement("p");
    const hour = new Date(kept.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    said.textContent = `You typed something here at ${hour} that was not saved.`;
    note.append(said);
    for (const [, value] of differ) {
      const shown = document.createElement("p");
      shown.className = "desk-reason";
      shown.dir = "auto";
      shown.textContent = value.length > 300 ? `${value.slice(0, 300)}…` : value;
      note.append(shown);
    }
    const verbs = document.createElement("div");
    verbs.className = "desk-verbs";
    verbs.append(
      press("Put it back", "is-second", () => {
        const homeless = differ.filter(([name, value]) => {
          const field = fields.get(name);
          if (field) {
            field.value = value;
            field.dispatchEvent(new Event("input", { bubbles: true }));
          }
          return !field;
        });
        if (homeless.length) verbs.remove(); // lines that are not there yet: their words stay in view
        else note.remove();
      }),
      press("Throw it away", "", () => {
        sessionStorage.removeItem(key);
        note.remove();
      }),
    );
    note.append(verbs);
    form.before(note);
  }

  function press(label, kind, does) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `desk-button ${kind}`;
    button.textContent = label;
    button.addEventListener("click", does);
    return button;
  }
});
