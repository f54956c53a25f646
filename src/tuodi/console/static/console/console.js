/* Hands on keys, and nothing typed is lost. Every page works without this file. */
"use strict";

(() => {
  const FIELD = "input:not([type=hidden]):not([type=submit]), select, textarea";
  const isTyping = (node) => node instanceof Element && node.matches("input, select, textarea, [contenteditable]");

  // "/" goes to the search from anywhere; Escape leaves it.
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("search");
    if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && event.target === search) {
      search.blur();
    }
  });

  // Lists: arrow keys move from row to row, Enter opens the row.
  const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.querySelector("a"));
  const goTo = (rows, place) => {
    const row = rows[Math.max(0, Math.min(place, rows.length - 1))];
    rows.forEach((other) => { other.tabIndex = other === row ? 0 : -1; });
    row.focus();
  };
  document.querySelectorAll("table.list").forEach((table) => {
    const rows = rowsOf(table);
    rows.forEach((row, place) => { row.tabIndex = place ? -1 : 0; });
    table.addEventListener("keydown", (event) => {
      const place = rows.indexOf(event.target.closest("tr"));
      if (place < 0 || isTyping(event.target)) return;
      const move = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (move !== undefined) {
        event.preventDefault();
        goTo(rows, move);
      } else if (event.key === "Enter" && event.target === rows[place]) {
        rows[place].querySelector("a").click();
      }
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.target !== document.body) return;
    const table = document.querySelector("table.list");
    const rows = table ? rowsOf(table) : [];
    if (rows.length) {
      event.preventDefault();
      goTo(rows, 0);
    }
  });

  // Enter goes on to the next field; in the last one it presses the button.
  document.querySelectorAll("form.fields").forEach((form) => form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select")) return;
    if (event.target.matches("[type=submit], [type=checkbox], [type=file]")) return;
    const fields = [...form.querySelectorAll(FIELD)].filter((field) => !field.disabled && field.offsetParent !== null);
    const next = fields[fields.indexOf(event.target) + 1];
    event.preventDefault();
    if (next) {
      next.focus();
    } else {
      form.requestSubmit(form.querySelector("button.go") || undefined);
    }
  }));

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    (event.submitter || form.querySelector("button"))?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }));

  // What was typed and not yet sent outlives a reload and a new sign-in: in this tab alone, for this person alone.
  const who = document.body.dataset.who || "";
  const kept = window.sessionStorage;
  if (who && kept.getItem("who") !== who) {
    kept.clear();
    kept.setItem("who", who);
  }
  const isKept = (field) => field.name && !field.matches("[type=password], [type=hidden], [type=file], [data-unkept]");
  const valueOf = (field) => (field.type === "checkbox" || field.type === "radio" ? String(field.checked) : field.value);
  const giveBack = (field, value) => {
    if (field.type === "checkbox" || field.type === "radio") field.checked = value === "true";
    else field.value = value;
  };
  // A form that was sent is forgotten once a page comes back that is not the form with its faults, and not the sign-in.
  const sent = kept.getItem("sent");
  if (sent && who && !document.querySelector(`form[data-keep="${sent}"][data-answered]`)) kept.removeItem(`form ${sent}`);
  kept.removeItem("sent");
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const key = `form ${form.dataset.keep}`;
    const fields = [...form.querySelectorAll(FIELD)].filter(isKept);
    const name = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.name);
    const before = JSON.parse(kept.getItem(key) || "null");
    if (before && !form.hasAttribute("data-answered")) {
      fields.forEach((field) => name(field) in before && giveBack(field, before[name(field)]));
    }
    form.addEventListener("input", () => {
      kept.setItem(key, JSON.stringify(Object.fromEntries(fields.map((field) => [name(field), valueOf(field)]))));
    });
    form.addEventListener("submit", () => kept.setItem("sent", form.dataset.keep));
  });
  document.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", () => kept.clear()));

  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

  // A choice that changes the list shows its list at once.
  document.querySelectorAll("select[data-at-once]").forEach((select) => select.addEventListener("change", () => {
    select.form.requestSubmit();
  }));
})();
