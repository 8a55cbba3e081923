// Single keys for those who decide all day: J and K move along the rows of a list, other keys go to what carries data-key.
// They can be switched off (WCAG 2.1.4), and never work while something is being typed.

const OFF = "anjian-keys-off";
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];

function move(by) {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  all[Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}

function goTo(target) {
  target.closest("details")?.setAttribute("open", "");
  if (target.matches("a")) target.click();
  else (target.matches("summary") ? target.parentElement.querySelector("input[name=correction_text]") ?? target : target).focus();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || localStorage.getItem(OFF)) return;
  const key = event.key.toLowerCase();
  if (rows().length && (key === "j" || key === "k")) {
    move(key === "j" ? 1 : -1);
  } else {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? (key === "/" ? document.querySelector("[type=search]") : null);
    if (!target) return;
    goTo(target);
  }
  event.preventDefault();
}

function tell(button) {
  button.textContent = localStorage.getItem(OFF) ? button.dataset.on : button.dataset.off;
}

document.addEventListener("keydown", press);
document.querySelectorAll("[data-keys]").forEach((line) => line.removeAttribute("hidden"));
document.querySelectorAll("[data-keys-switch]").forEach((button) => {
  tell(button);
  button.addEventListener("click", () => {
    if (localStorage.getItem(OFF)) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    tell(button);
  });
});
