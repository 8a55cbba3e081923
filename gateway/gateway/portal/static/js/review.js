// The correction list by clicking: a button beside each field and document writes its place into the next free row.
// A standard text that is chosen goes into the opinion, where it can be changed.

const form = document.querySelector("[data-corrections]");
const list = form?.querySelector("#corrections");

function freeRow() {
  const rows = [...list.querySelectorAll("[data-correction]")];
  const free = rows.find((row) => !row.querySelector("input").value);
  if (free) return free;
  const more = rows.at(-1).cloneNode(true);
  more.querySelector("input").value = "";
  rows.at(-1).after(more);
  return more;
}

function pointAt(path, label) {
  const row = freeRow();
  const select = row.querySelector("select");
  if (![...select.options].some((each) => each.value === path)) select.add(new Option(label, path));
  select.value = path;
  list.open = true;
  row.querySelector("input").focus();
}

function offer(place) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link point-at";
  button.textContent = list.dataset.word;
  button.setAttribute("aria-label", `${list.dataset.word}：${place.dataset.label}`);
  button.addEventListener("click", () => pointAt(place.dataset.path, place.dataset.label));
  const beside = place.matches("tr") ? place.cells[0] : place.querySelector(":scope > dt, :scope > h3, :scope > .document-title");
  beside?.append(" ", button);
}

if (list) {
  document.querySelectorAll("[data-path]").forEach(offer);
  list.querySelector("[data-more]")?.addEventListener("click", (event) => {
    event.preventDefault();
    pointAt("form", "");
  });
}

form?.querySelector("[data-into]")?.addEventListener("change", (event) => {
  const words = document.getElementById(event.target.dataset.into);
  if (event.target.value) words.value = words.value.trim() ? `${words.value.trim()}\n${event.target.value}` : event.target.value;
  event.target.value = "";
  words.focus();
});
