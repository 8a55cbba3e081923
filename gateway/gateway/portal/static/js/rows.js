// Rows of a form are added and removed on the page. Without this script their buttons send the form and it comes again.

import { words } from "./words.js";

function number(list) {
  [...list.children].forEach((row, place) => {
    row.querySelector(":scope > .row-head > .row-number").textContent = place + 1;
    row.setAttribute("aria-label", words("第 %(number)s 行", { number: place + 1 }));
  });
}

function add(rows) {
  const list = rows.querySelector(":scope > [data-rows-list]");
  if (list.children.length >= Number(rows.dataset.max)) return;
  // A number that no row has had: the server takes them in order, gaps and all.
  const next = Number(rows.dataset.next ?? list.children.length);
  rows.dataset.next = next + 1;
  const made = document.createElement("div");
  made.innerHTML = rows.querySelector(":scope > template").innerHTML.replaceAll(`__${rows.dataset.depth}__`, next);
  const row = made.firstElementChild;
  list.append(row);
  number(list);
  window.htmx?.process(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function remove(row) {
  const list = row.parentElement;
  const rows = list.closest("[data-rows]");
  rows.dataset.next = Math.max(Number(rows.dataset.next ?? 0), list.children.length);
  row.remove();
  number(list);
  rows.querySelector(":scope > [data-add]").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  event.preventDefault();
  if ("add" in button.dataset) add(button.closest("[data-rows]"));
  else remove(button.closest("[data-row]"));
  document.querySelector("form[data-keep]")?.dispatchEvent(new Event("input", { bubbles: true }));
});
