// A form saves itself after a pause. Where that is not possible (no network, session over, saved elsewhere meanwhile)
// what was typed is kept in this browser, the page says so, and offers it again when it is opened the next time.

import { LOCALE, words } from "./words.js";

const PAUSE = 2500; // milliseconds without a key
const AGAIN = 15000; // until the next try where saving is not possible
const form = document.querySelector("form[data-keep]");

if (form) begin(form);

function begin(form) {
  const place = `anjian:${form.dataset.keep}`;
  const state = form.querySelector("[data-saved]");
  let timer = 0;
  let dirty = false;
  let sending = false;
  let leaving = false;
  let stale = false;
  let lost = false;
  let unanswered = null;
  let submitter = null;

  const say = (name, text) => {
    state.dataset.state = name;
    state.textContent = text;
  };
  const clock = (moment) => moment.toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit" });

  // `sent`: with the form itself, so a newer version means that it arrived.
  function keep(sent = false) {
    try {
      localStorage.setItem(place, JSON.stringify({ at: Date.now(), version: versionOf(form), sent, fields: typed(form) }));
      return true;
    } catch {
      return false; // private windows have no place to keep anything
    }
  }

  function keptHere(reason) {
    say("kept", keep() ? reason + words("内容已保存在本机，恢复后将自动保存") : reason + words("请勿关闭本页"));
  }

  async function save() {
    if (!form.dataset.autosave || sending || stale || !(dirty || unanswered)) return;
    sending = true;
    // What may have arrived though no answer came is sent again as it was: under its key it is saved once.
    const body = unanswered ?? written(form);
    if (!unanswered) dirty = false;
    unanswered = body;
    try {
      await settle(await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-CSRF-Token": token() } }));
    } catch {
      lost = true;
      keptHere(words("网络不通，"));
    }
    sending = false;
    if (submitter && !lost) return form.requestSubmit(submitter);
    submitter = null;
    if ((dirty || unanswered) && !stale) timer = setTimeout(save, lost ? AGAIN : PAUSE);
  }

  async function settle(answer) {
    lost = false;
    if (answer.status < 500) unanswered = null;
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) {
      form.elements._version.value = told.version;
      if (!dirty) localStorage.removeItem(place);
      say("saved", words("已保存 %(time)s", { time: clock(new Date(told.saved_at)) }));
    } else if (answer.status === 401 || answer.status === 403) {
      dirty = true;
      lost = !(await renew());
      if (lost) keptHere(words("登录已失效，请在新窗口重新登录。"));
    } else if (told.code === "stale_version") {
      stale = true;
      keep();
      say("stale", words("这份申请已在别处保存过，本页不再自动保存，没有覆盖任何内容。点“保存草稿”查看如何处理"));
    } else if (answer.status === 422) {
      keep();
      const wrong = told.fields?.[0];
      say("kept", words("未保存：") + (wrong ? `${labelOf(wrong.path)}${wrong.message}` : (told.detail ?? words("有填写不符的内容"))));
    } else {
      lost = true;
      keptHere(words("系统暂时不能保存，"));
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(form.dataset.autosave ? save : () => keep(), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (form.querySelector(".upload progress")) {
      event.preventDefault();
      say("kept", words("附件正在上传，请稍候再提交"));
    } else if (sending) {
      event.preventDefault(); // its answer brings the version under which the form goes on
      submitter = event.submitter;
    } else {
      leaving = true;
      keep(true);
    }
  });
  if ("unsaved" in form.dataset) {
    dirty = true; // rows added or contents brought back without anything saved yet
    timer = setTimeout(form.dataset.autosave ? save : () => keep(), PAUSE);
  }
  for (const back of ["online", "focus"]) addEventListener(back, () => lost && save());
  addEventListener("beforeunload", (event) => {
    if (!(dirty || unanswered) || leaving) return;
    keep();
    if (form.dataset.autosave) event.preventDefault();
  });
  offerBack(form, place, say);
}

function labelOf(path) {
  const label = document.querySelector(`label[for="${CSS.escape(path)}"]`);
  return label ? `${label.firstChild.textContent.trim()}：` : "";
}

// Signed in again, maybe in another window: the page goes on under the new session.
async function renew() {
  const answer = await fetch("/api/v1/sessions/current");
  if (!answer.ok) return false;
  const { csrf_token: fresh } = await answer.json();
  document.querySelector('meta[name="csrf"]').content = fresh;
  document.querySelectorAll("input[name=_csrf]").forEach((each) => (each.value = fresh));
  return true;
}

// The form without its files, which are uploaded one by one.
function written(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set("_key", [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return body;
}

function token() {
  return document.querySelector('meta[name="csrf"]').content;
}

function versionOf(form) {
  return form.elements._version?.value ?? "";
}

// Everything but files, passwords and what belongs to the page rather than to the form.
function typed(form) {
  const secret = new Set([...form.querySelectorAll("input[type=password]")].map((each) => each.name));
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !["_csrf", "_key", "_version", "_version_now", "_do"].includes(name) && !secret.has(name),
  );
}

function offerBack(form, place, say) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(place));
  } catch {
    return;
  }
  const arrived = kept?.sent && kept.version !== versionOf(form);
  if (!kept || arrived || JSON.stringify(kept.fields) === JSON.stringify(typed(form))) {
    localStorage.removeItem(place);
    return;
  }
  if (document.getElementById("problem")) return; // the page shows what was sent a moment ago
  const offer = document.createElement("div");
  offer.className = "problem";
  offer.setAttribute("role", "alert");
  const text = document.createElement("p");
  const since = kept.version !== versionOf(form) ? words("此后这份申请又保存过，恢复将以本机内容替换。") : "";
  text.textContent = words("本机保留有 %(time)s 未能保存的内容。", { time: new Date(kept.at).toLocaleString(LOCALE) }) + since;
  const take = button(words("恢复这些内容"));
  const drop = button(words("不要了"));
  offer.append(text, take, " ", drop);
  form.before(offer);
  drop.addEventListener("click", () => {
    localStorage.removeItem(place);
    offer.remove();
  });
  take.addEventListener("click", () => sendBack(form, kept));
}

// The form is drawn by the server, rows and all: what was kept goes there once, and the page comes back filled in.
function sendBack(form, kept) {
  const whole = document.createElement("form");
  whole.method = "post";
  whole.action = form.action;
  whole.enctype = form.enctype;
  const own = ["_csrf", "_key", "_version"].filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]);
  for (const [name, value] of [...own, ...kept.fields, ["_do", "show"]]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    whole.append(field);
  }
  document.body.append(whole);
  whole.submit();
}

function button(text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = text;
  return made;
}
