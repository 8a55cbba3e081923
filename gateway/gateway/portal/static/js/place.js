// Where an inspection begins and ends: asked of the phone when the officer presses the button, never by itself.

import { words } from "./words.js";

for (const part of document.querySelectorAll("[data-place]")) begin(part);

function begin(part) {
  const button = part.querySelector("[data-locate]");
  const told = part.querySelector("[data-located]");
  if (!("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = words("正在取得位置…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const name of ["longitude", "latitude", "accuracy"]) part.querySelector(`[name=${name}]`).value = coords[name];
        told.textContent = words("位置已记录") + `（±${Math.round(coords.accuracy)} m）`;
      },
      () => (told.textContent = words("没有取得位置，可以继续，记录中会注明")),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
