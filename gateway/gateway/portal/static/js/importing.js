// How far the upload is, and that the sheet is being checked or entered; without script the forms go as they stand.
import { words } from "./words.js";

// The page is replaced by the one with the report: what listens, listens to the whole document.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-progress]")) {
    event.preventDefault();
    send(form);
  } else if (form.matches("form[data-entering]")) {
    const count = form.dataset.entering;
    busy(form, words("正在导入 %(count)s 行，最多需要一分钟，请勿关闭页面", { count }));
  }
});

// A page that comes back out of the browser's memory waits for nothing.
addEventListener("pageshow", (event) => {
  for (const form of event.persisted ? document.querySelectorAll("form[aria-busy]") : []) idle(form, "");
});

function send(form) {
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  bar.hidden = false;
  request.upload.addEventListener("progress", (told) => (bar.value = told.lengthComputable ? told.loaded / told.total : 0));
  request.upload.addEventListener("load", () => bar.removeAttribute("value"));
  request.addEventListener("load", () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.getElementById("report")?.focus();
  });
  request.addEventListener("error", () => {
    bar.hidden = true;
    idle(form, words("连接中断，请重试"));
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
  busy(form, words("正在上传并逐行检查，最多需要一分钟，请勿关闭页面"));
}

function busy(form, text) {
  form.setAttribute("aria-busy", "true");
  form.querySelector("[role=status]").textContent = text;
  // Once the form has been read: a button that is off is not sent along.
  setTimeout(() => (form.querySelector("button").disabled = true));
}

function idle(form, text) {
  form.removeAttribute("aria-busy");
  form.querySelector("[role=status]").textContent = text;
  form.querySelector("button").disabled = false;
}
