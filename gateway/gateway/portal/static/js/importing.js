// How far the upload is, and that the sheet is being checked or entered; without script the forms go as they stand.
import { words } from "./words.js";

// The page is replaced by the one with the report: what listens, listens to the whole document.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const count = form.dataset.entering;
  if (form.matches("form[data-progress]")) {
    send(event, words("正在上传并逐行检查，最多需要一分钟，请勿关闭页面"));
  } else if (count !== undefined) {
    send(event, words("正在导入 %(count)s 行，最多需要一分钟，请勿关闭页面", { count }));
  }
});

function send(event, text) {
  const form = event.target;
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  event.preventDefault();
  if (bar) {
    bar.hidden = false;
    request.upload.addEventListener("progress", (told) => (bar.value = told.lengthComputable ? told.loaded / told.total : 0));
    request.upload.addEventListener("load", () => bar.removeAttribute("value"));
  }
  request.addEventListener("load", () => {
    const main = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
    if (!main) return stopped(form, bar);
    document.querySelector("main").replaceWith(main);
    document.getElementById("report")?.focus();
  });
  request.addEventListener("error", () => stopped(form, bar));
  request.open("POST", form.action);
  request.send(new FormData(form, event.submitter));
  form.setAttribute("aria-busy", "true");
  form.querySelector("[role=status]").textContent = text;
  form.querySelector("button").disabled = true;
}

function stopped(form, bar) {
  if (bar) bar.hidden = true;
  form.removeAttribute("aria-busy");
  form.querySelector("[role=status]").textContent = words("连接中断，请重试");
  form.querySelector("button").disabled = false;
}
