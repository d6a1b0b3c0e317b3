// The letter desk: a moment after something is typed, the paper and the findings beside it show it. Nothing typed is
// lost on the way: leaving asks first, Ctrl+S saves, and after saving one is where one was. Without this script the
// page works by its buttons, and the paper shows what was saved.

(() => {
  "use strict";

  const PAUSE = 250; // milliseconds without a key pressed
  const PAINTS = 150; // what the browser's viewer takes to paint after it has loaded
  const GAP = 12; // pixels that the viewer leaves around a page

  const desk = document.querySelector("[data-letter-desk]");
  if (!desk) return;
  const find = (name) => desk.querySelector(`[data-${name}]`);
  const say = (name, text) => {
    const place = find(name);
    if (place) place.textContent = text;
  };
  desk.classList.add("has-script");

  // --- text or paper, where only one has room ---

  const letter = desk.querySelector(".desk-letter");
  const tabs = find("tabs");
  const show = (what) => {
    letter.dataset.shown = what;
    for (const tab of tabs.querySelectorAll("[data-show]")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.show === what));
    }
    if (what === "paper") fit();
  };
  if (tabs) {
    tabs.hidden = false;
    tabs.addEventListener("click", (event) => event.target.dataset.show && show(event.target.dataset.show));
  }

  const form = find("words");
  if (!form) return;

  // --- the paper ---

  const paper = find("paper");
  let shape = null; // how many pages the paper has, and how high one is for its width
  let address = "";
  paper.hidden = false;

  function fit() {
    if (!shape || !paper.clientWidth) return;
    const height = shape.pages * ((paper.clientWidth - GAP) * shape.ratio + GAP);
    for (const frame of paper.children) frame.style.height = `${Math.ceil(height)}px`;
  }
  new ResizeObserver(fit).observe(paper);

  function lay(answer) {
    const bytes = Uint8Array.from(atob(answer.pdf), (character) => character.charCodeAt(0));
    const next = document.createElement("iframe");
    const old = address;
    address = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
    shape = { pages: answer.pages, ratio: answer.ratio };
    next.title = "The letter as a PDF";
    next.tabIndex = -1;
    next.className = "is-coming";
    next.addEventListener("load", () => setTimeout(() => swap(next, old), PAINTS), { once: true });
    next.src = `${address}#toolbar=0&navpanes=0&view=FitH`;
    paper.append(next);
    fit();
  }

  function swap(next, old) {
    if (!next.isConnected) return; // another one came meanwhile
    while (paper.firstChild !== next) paper.firstChild.remove();
    next.classList.remove("is-coming");
    if (old) URL.revokeObjectURL(old);
  }

  function tell(problems) {
    const place = find("problems");
    place.hidden = !problems.length;
    paper.classList.toggle("is-stale", Boolean(problems.length));
    const list = document.createElement("ul");
    list.append(...problems.map((problem) => Object.assign(document.createElement("li"), { textContent: problem })));
    place.replaceChildren(problems.length ? "The paper waits, since the letter cannot be set like this:" : "", list);
  }

  // --- what is typed, shown ---

  let waiting = 0;
  let asking = null;

  async function refresh() {
    clearTimeout(waiting);
    asking?.abort();
    const mine = (asking = new AbortController());
    find("findings").classList.add("is-late-by-a-moment");
    try {
      const typed = form.elements.body.value;
      const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: mine.signal });
      if (response.redirected) return say("paper-says", "You are signed out. Sign in again in another tab, then type on.");
      take(await response.json(), typed);
    } catch (error) {
      if (error.name === "AbortError") return;
      say("paper-says", "The preview cannot be reached just now; what you typed is still here.");
    }
    if (asking === mine) find("findings").classList.remove("is-late-by-a-moment");
  }

  // A paragraph was ticked or left: the words with it, unless somebody typed on meanwhile and is answered anew.
  function place(answer, typed) {
    const placed = find("placed");
    const body = form.elements.body;
    if (!placed || !answer.placed || body.value !== typed) return;
    if (answer.body !== undefined) body.value = answer.body;
    placed.value = answer.placed.join(",");
    for (const box of form.querySelectorAll("[name=ticks]")) box.checked = answer.placed.includes(Number(box.value));
    say("ticks-say", (answer.said ?? []).join(" "));
  }

  function take(answer, typed) {
    place(answer, typed);
    if (answer.findings !== undefined) find("findings").innerHTML = answer.findings;
    tell(answer.problems ?? []);
    if (!answer.pdf) return;
    lay(answer);
    say("paper-says", unsaved ? "As it would be set today, with what you typed." : "As it would be set today.");
  }

  // --- saved or not ---

  let unsaved = "unsaved" in form.dataset;
  let leaving = false;

  function mark() {
    desk.classList.toggle("is-unsaved", unsaved);
    if (!unsaved) return;
    find("save").classList.add("is-first");
    const hint = find("unsaved-says");
    if (hint) hint.hidden = false;
    say("save-says", "Not saved yet.");
  }

  form.addEventListener("input", (event) => {
    unsaved = true;
    mark();
    clearTimeout(waiting);
    waiting = setTimeout(refresh, event.target.name === "ticks" ? 0 : PAUSE);
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(find("save"));
  });

  // --- where one was, after the page came back ---

  const here = `letter-desk ${location.pathname}`;
  form.addEventListener("submit", () => {
    leaving = true;
    const field = document.activeElement;
    const at = form.contains(field) && "selectionStart" in field ? [field.id, field.selectionStart, field.scrollTop] : [];
    sessionStorage.setItem(here, JSON.stringify([window.scrollY, paper.scrollTop, ...at]));
  });

  function goBack() {
    const kept = sessionStorage.getItem(here);
    sessionStorage.removeItem(here);
    if (!kept) return;
    const [page, sheet, id, caret, scrolled] = JSON.parse(kept);
    const field = id && document.getElementById(id);
    if (field) {
      field.focus({ preventScroll: true });
      field.setSelectionRange(caret, caret);
      field.scrollTop = scrolled;
    }
    window.scrollTo(0, page);
    setTimeout(() => (paper.scrollTop = sheet), 0);
  }

  // --- from a finding to its place ---

  function height(field, upTo) {
    const mirror = document.createElement("div");
    const style = getComputedStyle(field);
    for (const name of ["font", "lineHeight", "letterSpacing", "paddingTop", "paddingLeft", "paddingRight", "direction"]) {
      mirror.style[name] = style[name];
    }
    Object.assign(mirror.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word" });
    mirror.style.width = `${field.clientWidth}px`;
    mirror.style.boxSizing = "border-box";
    mirror.textContent = field.value.slice(0, upTo);
    document.body.append(mirror);
    const found = mirror.scrollHeight;
    mirror.remove();
    return found;
  }

  desk.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-field]");
    const field = link && form.elements[link.dataset.field];
    if (!field) return;
    event.preventDefault();
    if (tabs) show("words");
    field.focus({ preventScroll: true });
    field.setSelectionRange(Number(link.dataset.start), Number(link.dataset.end));
    if (field.scrollHeight > field.clientHeight) {
      field.scrollTop = height(field, Number(link.dataset.start)) - field.clientHeight / 3;
    }
    field.scrollIntoView({ block: "nearest" });
  });

  mark();
  goBack();
  refresh();
})();
