// What every page does: the CSRF token goes with htmx's requests, identifiers can be copied, the phone's navigation is folded.

import { words } from "./words.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf"]').content;
});

function offerCopy(identifier) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link copy";
  button.textContent = words("复制");
  button.setAttribute("aria-label", `${words("复制")} ${identifier.textContent}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(identifier.textContent);
    button.textContent = words("已复制");
  });
  identifier.after(" ", button);
}

if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(offerCopy);
if (matchMedia("(max-width: 760px)").matches) document.querySelector(".doors")?.removeAttribute("open");
document.getElementById("problem")?.focus();

// Who is signed in has registered: what the registration page kept on this machine is of no more use.
if (document.querySelector(".who-name")) localStorage.removeItem("anjian:registration");
