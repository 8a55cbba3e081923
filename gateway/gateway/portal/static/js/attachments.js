// The tray of attachments: several files at once by drag and drop, a bar for each, order by dragging or by buttons, preview,
// and pictures that are too large made smaller here. Without this script each document has a plain file field.

import { words } from "./words.js";

const PICTURES = ["image/jpeg", "image/png"];
const TAKEN = ["application/pdf", ...PICTURES];
const SIDES = [2400, 2000, 1600, 1280, 1024]; // pixels: a scan of 1024×768 can be read
const QUALITIES = [0.85, 0.75, 0.65, 0.5];

const tray = document.querySelector("[data-tray]");
if (tray) begin(tray);

function begin(tray) {
  tray.querySelectorAll("[data-drop-hint]").forEach((each) => (each.hidden = false));
  tray.querySelectorAll("[data-file]").forEach(movable);
  for (const kind of tray.querySelectorAll("[data-document]")) {
    const input = kind.querySelector("input[type=file]");
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = ""; // what is uploaded at once is not sent again with the form
      await takeAll(kind, files);
    });
    kind.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      kind.classList.add("dragged-over");
    });
    kind.addEventListener("dragleave", () => kind.classList.remove("dragged-over"));
    kind.addEventListener("drop", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      kind.classList.remove("dragged-over");
      takeAll(kind, [...event.dataTransfer.files]);
    });
    order(kind.querySelector("[data-files]"));
  }
  tray.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down], [data-drop]");
    if (button) {
      event.preventDefault();
      act(button);
    }
    const link = event.target.closest("[data-preview]");
    if (link && PICTURES.includes(link.dataset.preview)) {
      event.preventDefault();
      look(link);
    }
  });
}

// One after the other, so that they stand in the order in which they were chosen.
async function takeAll(kind, files) {
  for (const file of files) await take(kind, file);
}

async function take(kind, file) {
  const limit = Number(tray.dataset.limit);
  if (!TAKEN.includes(file.type)) return complain(kind, file, words("只接受 PDF、JPEG、PNG 文件"));
  if (file.size <= limit) return send(kind, file, file.name);
  if (!PICTURES.includes(file.type)) return complain(kind, file, words("%(size)s，超过 600 KB。请拆分为几个文件并按顺序编号（如“合同-1”“合同-2”）后上传", { size: kb(file.size) }));
  offerToShrink(kind, file, limit);
}

function complain(kind, file, text) {
  const line = element("div", "upload");
  line.append(element("p", "field-error", `${file.name}：${text}`), dismiss(line));
  kind.querySelector("[data-waiting]").append(line);
}

function offerToShrink(kind, file, limit) {
  const line = element("div", "upload");
  const button = element("button", "btn", words("压缩到 600 KB 以内"));
  button.type = "button";
  line.append(element("span", "", words("%(name)s（%(size)s）超过 600 KB。", { name: file.name, size: kb(file.size) })), button, dismiss(line));
  kind.querySelector("[data-waiting]").append(line);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const made = await shrink(file, limit).catch(() => null);
    if (!made) {
      line.replaceWith(element("p", "field-error", words("%(name)s：无法压缩到 600 KB 以内，请重新扫描或拆分", { name: file.name })));
      return;
    }
    const shown = element("img");
    shown.src = URL.createObjectURL(made.blob);
    shown.alt = words("压缩后的 %(name)s", { name: file.name });
    const use = element("button", "btn btn-primary", words("使用压缩后的图片"));
    use.type = "button";
    line.replaceChildren(element("span", "", `${file.name}：${kb(file.size)} → ${kb(made.blob.size)}，${made.width}×${made.height}`), use, dismiss(line), shown);
    use.addEventListener("click", () => {
      line.remove();
      send(kind, made.blob, file.name.replace(/\.(png|jpe?g)$/i, "") + ".jpg");
    });
  });
}

async function shrink(file, limit) {
  const picture = await createImageBitmap(file);
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // a JPEG has no transparency
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= limit) return { blob, width: canvas.width, height: canvas.height };
    }
  }
  return null;
}

function send(kind, blob, name) {
  return new Promise((done) => {
    const line = element("div", "upload");
    const bar = element("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", words("上传 %(name)s", { name }));
    line.append(element("span", "", name), bar);
    kind.querySelector("[data-waiting]").append(line);
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/attachments?name=${encodeURIComponent(name)}`);
    request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf"]').content);
    request.setRequestHeader("Idempotency-Key", key());
    request.setRequestHeader("Content-Type", blob.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => (bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0));
    const failed = (text) => {
      const again = element("button", "btn", words("重试"));
      again.type = "button";
      again.addEventListener("click", () => {
        line.remove();
        send(kind, blob, name);
      });
      line.replaceChildren(element("p", "field-error", text), again, dismiss(line));
      done();
    };
    request.addEventListener("load", () => {
      const told = answered(request);
      // No answer of ours: a server before us speaks for one that is starting again.
      if (!told || request.status >= 500) return failed(words("%(name)s：暂时不能上传，请重试", { name }));
      line.remove();
      if (request.status === 201) add(kind, told, blob);
      else complain(kind, { name }, told.fields?.[0]?.message ?? told.detail ?? words("上传失败，请重试"));
      done();
    });
    request.addEventListener("error", () => failed(words("%(name)s：网络不通，未上传", { name })));
    request.send(blob);
  });
}

function answered(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

function add(kind, told, blob) {
  const item = element("li");
  item.dataset.file = "";
  const held = element("input");
  held.type = "hidden";
  held.name = "_attachment";
  held.value = JSON.stringify({ code: kind.dataset.document, sha256: told.sha256, name: told.name, size: told.size, media_type: told.media_type });
  const link = element("a", "", told.name);
  link.href = URL.createObjectURL(blob);
  link.target = "_blank";
  link.rel = "noopener";
  link.dataset.preview = told.media_type;
  item.append(held, link, " ", element("span", "hint", kb(told.size)));
  for (const [act, word] of [["up", words("上移")], ["down", words("下移")], ["drop", words("删除")]]) {
    const button = element("button", "btn btn-link", word);
    button.type = "button";
    button.dataset[act] = "";
    button.setAttribute("aria-label", `${word} ${told.name}`);
    item.append(" ", button);
  }
  kind.querySelector("[data-files]").append(item);
  movable(item);
  changed(kind);
}

function act(button) {
  const item = button.closest("[data-file]");
  const kind = item.closest("[data-document]");
  if ("up" in button.dataset) item.previousElementSibling?.before(item);
  else if ("down" in button.dataset) item.nextElementSibling?.after(item);
  else item.remove();
  if (item.isConnected) button.focus();
  else kind.querySelector("input[type=file]").focus();
  changed(kind);
}

function movable(item) {
  item.draggable = true;
  item.addEventListener("dragstart", () => item.classList.add("moving"));
  item.addEventListener("dragend", () => {
    item.classList.remove("moving");
    changed(item.closest("[data-document]"));
  });
}

function order(list) {
  list.addEventListener("dragover", (event) => {
    const moving = list.querySelector(".moving");
    const over = event.target.closest("[data-file]");
    if (!moving || !over || over === moving) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(moving);
    else over.after(moving);
  });
}

function look(link) {
  const shown = link.parentElement.querySelector("img");
  if (shown) return shown.remove();
  const picture = element("img");
  picture.src = link.href;
  picture.alt = link.textContent;
  link.parentElement.append(picture);
}

function changed(kind) {
  const has = kind.querySelector("[data-file]") !== null;
  const missing = !has && kind.dataset.required === "yes";
  kind.querySelector("[data-missing]").hidden = !missing;
  kind.classList.toggle("document-missing", missing);
  tray.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function dismiss(line) {
  const button = element("button", "btn btn-link", words("知道了"));
  button.type = "button";
  button.addEventListener("click", () => line.remove());
  return button;
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}

function kb(bytes) {
  return bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function key() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
