// Fields that name something: suggestions come by htmx while one types; arrow keys and enter, or a click, pick one.

function valueOf(form, name) {
  const field = form.elements.namedItem(name);
  return field ? field.value ?? "" : "";
}

document.addEventListener("htmx:configRequest", (event) => {
  const input = event.target;
  if (!input.dataset.field) return;
  const asked = event.detail.parameters;
  delete asked[input.name];
  asked.matter = input.dataset.matter;
  asked.field = input.dataset.field;
  asked.q = input.value.trim();
  for (const name of input.dataset.needs.split(" ").filter(Boolean)) asked[name] = valueOf(input.form, name);
});

// What was asked for before something was picked may come after it.
for (const moment of ["htmx:beforeRequest", "htmx:beforeSwap"]) {
  document.addEventListener(moment, (event) => {
    if (event.target.closest("[data-pick]")?.querySelector("[data-search]").hidden) event.preventDefault();
  });
}

document.addEventListener("htmx:afterSwap", (event) => {
  event.target.closest("[data-pick]")?.querySelector("[data-search] input")?.setAttribute("aria-expanded", "true");
});

function close(pick) {
  pick.querySelector(".pick-list").replaceChildren();
  pick.querySelector("[data-search] input").setAttribute("aria-expanded", "false");
}

function settle(pick, value, label) {
  const chosen = pick.querySelector("[data-chosen]");
  if (!chosen) return;
  chosen.value = value;
  const shown = pick.querySelector("[data-chosen-label]");
  const search = pick.querySelector("[data-search]");
  shown.querySelector("span").textContent = label;
  shown.hidden = !value;
  search.hidden = Boolean(value);
  search.querySelector("input").value = "";
  close(pick);
  (value ? shown.querySelector("button") : search.querySelector("input")).focus();
  chosen.form.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-pick] [role=option]");
  if (option) {
    if (option.dataset.value) settle(option.closest("[data-pick]"), option.dataset.value, option.dataset.label);
    return;
  }
  const button = event.target.closest("[data-clear], [data-find]");
  const pick = button?.closest("[data-pick]");
  if (pick?.querySelector("[data-chosen]")) {
    event.preventDefault();
    if ("clear" in button.dataset) settle(pick, "", "");
    else window.htmx.trigger(pick.querySelector("[data-search] input"), "focus");
    return;
  }
  document.querySelectorAll("[data-pick]").forEach((each) => each.contains(event.target) || close(each));
});

document.addEventListener("keydown", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (!pick) return;
  const options = [...pick.querySelectorAll("[role=option]:not([aria-disabled])")];
  const at = options.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && options.length) options[Math.min(at + 1, options.length - 1)].focus();
  else if (event.key === "ArrowUp" && at > 0) options[at - 1].focus();
  else if (event.key === "ArrowUp" && at === 0) pick.querySelector("[data-search] input").focus();
  else if (event.key === "Enter" && at >= 0) options[at].click();
  else if (event.key === "Enter" && event.target.type === "search") window.htmx.trigger(event.target, "focus");
  else if (event.key === "Escape") close(pick);
  else return;
  event.preventDefault();
});
