/* Phrases to avoid, marked while somebody types. A field says with data-avoid-language="lv en" whose lists it is read
   with; the page says in <meta name="avoid" content="…/LANGUAGE.json"> where these are. What is found is underlined and
   explained below the field; no word is ever changed. The words are folded as letters/review/folding.py does it, so that
   both find the same. */
"use strict";

const avoid = (() => {
  // --- folding: what looks the same to a reader is the same here -----------------------------------------------------

  const APOSTROPHES = "'’‘\u201b\u02bc`\u00b4\u2032";
  const QUOTES = '"“”„\u201f«»\u2033';
  const ARABIC_MARK = /[\u0610-\u061a\u0640\u064b-\u065f\u0670]/u;
  const ARABIC = {
    "\u0622": "\u0627", "\u0623": "\u0627", "\u0625": "\u0627", "\u0671": "\u0627",
    "\u0649": "\u064a", "\u066b": ".", "\u066c": ",", "\u061f": "?",
  };
  const WIDE = "\\u2e80-\\u303f\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef“”‘’";
  const WIDE_LINE_END = new RegExp(`(?<=[${WIDE}])\\n(?=[${WIDE}])`, "u");
  const CHARACTER = /\P{M}\p{M}*|\p{M}+/gu; // with the marks on it
  const NOT_OURS = /https?:\/\/\S+|[\p{L}\p{N}_.+-]+@[\p{L}\p{N}_-]+\.[\p{L}\p{N}_.-]+|\{\{.*?\}\}|\{%.*?%\}/gsu;
  const NEXT_BLOCK = /^\n\s*(?:\n|[-+*#>|]\s|\d+[.)]\s)/u;
  const EMPHASIS = /^\*+$/u;

  function piece(character) {
    if (APOSTROPHES.includes(character)) return "'";
    if (QUOTES.includes(character)) return '"';
    if (ARABIC_MARK.test(character)) return "";
    if (/\p{Nd}/u.test(character)) return digit(character.normalize("NFKC").codePointAt(0));
    if (/\p{Cf}/u.test(character)) return "";
    if (/\p{Pd}/u.test(character)) return "-";
    if (/[\s\x1c-\x1f\x85]/u.test(character)) return " ";
    return ARABIC[character] ?? caseless(character.normalize("NFKC"));
  }

  function digit(code) { // the ten digits of a script begin at …0 or at …6
    const last = code & 15;
    return String(/\p{Nd}/u.test(String.fromCodePoint(code - last)) ? last : last - 6);
  }

  function caseless(text) {
    return text === "ı" ? text : text.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
  }

  /* `text` folded; for each unit of it where in `text` it begins and ends. */
  function fold(text) {
    const folded = [], begins = [], ends = [];
    for (const found of text.matchAll(CHARACTER)) {
      const begin = found.index, end = begin + found[0].length;
      for (const character of found[0].normalize("NFC")) {
        for (const unit of unitsOf(character, text, begin)) {
          if (unit === " " && folded.at(-1) === " ") continue;
          folded.push(unit);
          begins.push(begin);
          ends.push(end);
        }
      }
    }
    return { words: folded.join(""), begins, ends };
  }

  function unitsOf(character, text, at) {
    if (character === "\n" && WIDE_LINE_END.test(text.slice(at - 1, at + 2))) return "";
    if (character === "\n" && NEXT_BLOCK.test(text.slice(at, at + 40))) return "\n"; // no phrase spans two of them
    return EMPHASIS.test(character) ? "" : piece(character);
  }

  // --- finding -------------------------------------------------------------------------------------------------------

  /* Every phrase of `list` in `text`: where, in which words, why it is better avoided, and what is better. */
  function find(text, list) {
    const { words, begins, ends } = fold(text.replace(NOT_OURS, (blank) => "\ufffc".repeat(blank.length)));
    return [...words.matchAll(list.compiled)].filter((found) => found[0]).map((found) => {
      const number = list.phrases.findIndex((_, n) => found.groups[`p${n}`] !== undefined);
      const begin = begins[found.index], end = ends[found.index + found[0].length - 1];
      return { begin, end, said: text.slice(begin, end), language: list.language, ...list.phrases[number] };
    });
  }

  const lists = new Map();

  function listOf(language) {
    if (!lists.has(language)) {
      const address = document.querySelector("meta[name=avoid]").content.replace("LANGUAGE", language);
      lists.set(language, fetch(address).then((answer) => (answer.ok ? answer.json() : null)).then(compiled));
    }
    return lists.get(language);
  }

  function compiled(list) {
    return list && { ...list, compiled: new RegExp(list.pattern, "gu") };
  }

  async function listsOf(field) {
    const found = await Promise.all(field.dataset.avoidLanguage.split(/\s+/u).filter(Boolean).map(listOf));
    return found.filter(Boolean);
  }

  // --- showing -------------------------------------------------------------------------------------------------------

  class Watch {
    constructor(field, known) {
      [this.field, this.known, this.shown] = [field, known, ""];
      this.list = made("ul", { className: "avoid-list", hidden: true });
      this.list.setAttribute("aria-live", "polite");
      this.list.setAttribute("aria-label", `Phrases to avoid in ${labelOf(field)}`);
      this.layer = made("div", { className: "avoid-layer" });
      this.layer.setAttribute("aria-hidden", "true");
      for (const copied of field.parentElement.querySelectorAll(":scope > :is(.avoid-list, .avoid-layer)")) copied.remove();
      field.parentElement.classList.add("avoid-around");
      field.after(this.layer, this.list);
      field.addEventListener("input", () => this.soon());
      field.addEventListener("scroll", () => this.follow());
      new ResizeObserver(() => this.look()).observe(field);
      this.look();
    }

    soon() {
      this.layer.hidden = true; // until it fits the words again
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), 150);
    }

    look() {
      this.found = this.known.flatMap((list) => find(this.field.value, list)).sort((a, b) => a.begin - b.begin);
      this.explain();
      this.underline();
    }

    explain() {
      const said = JSON.stringify(this.found.map(({ said, why }) => [said, why]));
      if (said === this.shown) return; // a screen reader hears only of what is new
      this.shown = said;
      this.list.hidden = !this.found.length;
      this.list.replaceChildren(...this.found.map((one, number) => this.entry(one, number)));
    }

    entry(one, number) {
      const entry = made("li");
      const go = made("button", { type: "button", className: "avoid-go", textContent: "Go there" });
      go.setAttribute("aria-label", `Go there: ${one.said}`);
      go.addEventListener("click", () => this.go(number));
      const words = { lang: one.language, dir: "auto" };
      entry.append(
        made("strong", { textContent: `“${one.said}”`, ...words }), ` ${one.why}. Better: `,
        made("span", { textContent: one.better, ...words }), " ", go,
      );
      return entry;
    }

    go(number) {
      const { begin, end } = this.found[number];
      this.field.focus();
      this.field.setSelectionRange(begin, end);
      const mark = this.layer.querySelector(`[data-number="${number}"]`);
      if (mark) this.field.scrollTop = mark.offsetTop - this.field.clientHeight / 2;
    }

    underline() {
      const pieces = [];
      let at = 0;
      this.found.forEach(({ begin, end }, number) => {
        if (begin < at) return; // two languages found the same place
        const mark = made("mark", { textContent: this.field.value.slice(begin, end) });
        mark.dataset.number = number;
        pieces.push(this.field.value.slice(at, begin), mark);
        at = end;
      });
      this.layer.hidden = !pieces.length;
      if (!pieces.length) return;
      this.layer.replaceChildren(...pieces, `${this.field.value.slice(at)}\n`);
      this.fit();
    }

    fit() {
      const worn = getComputedStyle(this.field);
      for (const name of WORN) this.layer.style[name] = worn[name];
      this.layer.style.whiteSpace = this.field.matches("textarea") ? "pre-wrap" : "pre";
      this.layer.style.inset = `${this.field.offsetTop + this.field.clientTop}px auto auto ${this.field.offsetLeft + this.field.clientLeft}px`;
      this.layer.style.width = `${this.field.clientWidth}px`;
      this.layer.style.height = `${this.field.clientHeight}px`;
      this.follow();
    }

    follow() {
      [this.layer.scrollTop, this.layer.scrollLeft] = [this.field.scrollTop, this.field.scrollLeft];
    }
  }

  const WORN = [
    "direction", "fontFamily", "fontSize", "fontStyle", "fontWeight", "fontFeatureSettings", "letterSpacing", "lineHeight",
    "overflowWrap", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "tabSize", "textAlign", "textIndent",
    "unicodeBidi", "wordBreak", "wordSpacing",
  ];

  function made(name, properties = {}) {
    return Object.assign(document.createElement(name), properties);
  }

  function labelOf(field) {
    return field.labels?.[0]?.firstChild?.textContent.trim() || field.name;
  }

  const watched = new WeakMap();

  async function watch(field) {
    if (watched.has(field)) return;
    watched.set(field, null);
    const known = await listsOf(field);
    if (known.length) watched.set(field, new Watch(field, known));
  }

  const FIELDS = "textarea[data-avoid-language], input[data-avoid-language]";
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(FIELDS).forEach(watch));
  document.addEventListener("focusin", (event) => event.target.matches?.(FIELDS) && watch(event.target));

  return { find, fold, compiled };
})();
