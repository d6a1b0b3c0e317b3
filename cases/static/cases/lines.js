// One more line of a form without a new page: the last one again, empty. The server counts them by “rows”.
(() => {
  "use strict";
  const more = document.querySelector("button[name=more]");
  const rows = document.querySelector("input[name=rows]");
  if (!more || !rows) return;

  more.addEventListener("click", (event) => {
    const lines = document.querySelectorAll("[data-line]");
    const last = lines[lines.length - 1];
    const number = Number(rows.value);
    if (!last || number >= 30) return;
    event.preventDefault();
    const line = last.cloneNode(true);
    for (const part of line.querySelectorAll("*")) {
      for (const { name, value } of [...part.attributes]) {
        part.setAttribute(name, value.replace(/promise-\d+-/g, `promise-${number}-`));
      }
    }
    for (const wrong of line.querySelectorAll("[id^=error_], .desk-line-error")) wrong.remove();
    for (const field of line.querySelectorAll("input, textarea")) field.value = "";
    for (const field of line.querySelectorAll("select")) field.selectedIndex = 0;
    last.after(line);
    rows.value = number + 1;
    line.querySelector("input, select").focus();
  });
})();
