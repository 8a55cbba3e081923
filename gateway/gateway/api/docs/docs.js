"use strict";
// Reads /api/v1/openapi.json and draws it; what one tries goes to this same host, with the session's cookie.

const METHODS = ["get", "post", "put", "patch", "delete"];
let csrfToken = "";

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const byId = (id) => document.getElementById(id);

// ── who is signed in ──────────────────────────────────────────────────────────────────────────────────────────────

async function learnWho() {
  const reply = await fetch("/api/v1/sessions/current");
  const me = reply.ok ? await reply.json() : null;
  csrfToken = me ? me.csrf_token : "";
  byId("sign-in").hidden = Boolean(me);
  byId("who").hidden = !me;
  if (me) byId("name").textContent = `${me.account.name}（${me.organisation ? me.organisation.name : me.account.username}）`;
}

async function signIn(event) {
  event.preventDefault();
  const form = event.target;
  const reply = await fetch("/api/v1/sessions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  const told = await reply.json();
  byId("message").textContent = reply.ok ? "" : told.detail;
  if (reply.ok) form.reset();
  await learnWho();
}

async function signOut() {
  await fetch("/api/v1/sessions/current", { method: "DELETE", headers: { "X-CSRF-Token": csrfToken } });
  await learnWho();
}

// ── schemas ───────────────────────────────────────────────────────────────────────────────────────────────────────

function kindOf(schema) {
  const kinds = [].concat(schema.type || "object").filter((kind) => kind !== "null");
  const nullable = [].concat(schema.type || []).includes("null") ? "，可为空" : "";
  const words = { string: "文字", integer: "整数", number: "数字", boolean: "是否", array: "列表", object: "对象" };
  const form = { date: "日期", "date-time": "时间", uuid: "编号", binary: "文件" }[schema.format];
  return (form || kinds.map((kind) => words[kind] || kind).join(" / ")) + nullable;
}

function limitsOf(schema) {
  const told = [];
  if (schema.enum) {
    const words = schema["x-words"] || {};
    const codes = schema.enum.filter((code) => code !== null);
    told.push(codes.map((code) => (words[code] && words[code] !== code ? `${code} ${words[code]}` : code)).join("、"));
  }
  if (schema.minLength) told.push(`至少 ${schema.minLength} 字`);
  if (schema.maxLength && schema.maxLength < 2000) told.push(`最多 ${schema.maxLength} 字`);
  if (schema.minimum !== undefined) told.push(`≥ ${schema.minimum}`);
  if (schema.maximum !== undefined && schema.maximum < 1e12) told.push(`≤ ${schema.maximum}`);
  if (schema["x-unit"]) told.push(schema["x-unit"]);
  if (schema.default !== undefined) told.push(`缺省 ${JSON.stringify(schema.default)}`);
  if (schema.description) told.push(schema.description);
  return told.join("；");
}

function rowsOf(schema, depth = 0, prefix = "") {
  const required = new Set(schema.required || []);
  return Object.entries(schema.properties || {}).flatMap(([name, inner]) => {
    const item = [].concat(inner.type || []).includes("array") ? inner.items || {} : inner;
    const path = element("td", { class: "path" }, element("code", {}, prefix + name));
    path.style.setProperty("--depth", depth);
    if (required.has(name)) path.append(element("span", { class: "required", title: "必填" }, " *"));
    const row = element(
      "tr", {}, path, element("td", {}, inner.title || ""), element("td", {}, kindOf(inner)), element("td", {}, limitsOf(inner)),
    );
    return [row, ...(depth < 4 ? rowsOf(item, depth + 1, "") : [])];
  });
}

function table(schema) {
  const rows = rowsOf(schema);
  if (!rows.length) return element("p", { class: "quiet" }, "内容由所办事项决定，或无内容。");
  const head = element("tr", {}, ...["名称", "含义", "类型", "说明"].map((word) => element("th", {}, word)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

function sample(schema) {
  const kind = [].concat(schema.type || "object").find((each) => each !== "null");
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (kind === "object") {
    const required = new Set(schema.required || []);
    const entries = Object.entries(schema.properties || {}).filter(([name]) => required.has(name));
    return Object.fromEntries(entries.map(([name, inner]) => [name, sample(inner)]));
  }
  if (kind === "array") return schema.minItems ? [sample(schema.items || {})] : [];
  return { integer: 1, number: 0, boolean: false }[kind] ?? "";
}

// ── one operation ─────────────────────────────────────────────────────────────────────────────────────────────────

function operation(path, method, told) {
  const body = element("div");
  const heading = element(
    "summary", {},
    element("span", { class: `method ${method}` }, method.toUpperCase()),
    element("code", {}, path.replace("/api/v1", "")),
    element("span", {}, told.summary),
  );
  const whole = element("details", { id: told.operationId }, heading, body);
  whole.dataset.words = `${method} ${path} ${told.summary}`.toLowerCase();
  whole.addEventListener("toggle", () => {
    if (whole.open && !body.children.length) body.append(...inside(path, method, told));
  });
  return whole;
}

function inside(path, method, told) {
  const request = told.requestBody && Object.entries(told.requestBody.content)[0];
  const replies = Object.entries(told.responses).find(([status]) => status.startsWith("2"));
  const reply = replies[1].content && Object.entries(replies[1].content)[0];
  const scope = (told.security.find((each) => each.key) || {}).key;
  return [
    element("p", { class: "quiet" }, scope ? `接口密钥范围：${scope}` : told.security.some((each) => !Object.keys(each).length) ? "无须登录" : "须本人登录，不接受接口密钥"),
    ...(request && request[0] === "application/json" ? [element("h3", {}, "请求内容"), table(request[1].schema)] : []),
    element("h3", {}, `答复 ${replies[0]}`),
    reply && reply[0] === "application/json" ? table(reply[1].schema) : element("p", {}, "文件"),
    element("h3", {}, "试一试"),
    attempt(path, method, told, request),
  ];
}

function attempt(path, method, told, request) {
  const result = element("div", { role: "status" });
  const fields = told.parameters
    .filter((each) => each.name !== "X-CSRF-Token")
    .map((each) => {
      const value = each.name === "Idempotency-Key" ? crypto.randomUUID() : "";
      const input = element("input", { name: each.name, "data-in": each.in, value, required: each.required });
      const words = `${each.name}${each.required ? " *" : ""} ${each.schema.title || ""}`;
      return element("label", { class: "field" }, words, input);
    });
  const isFile = request && request[0] === "multipart/form-data";
  const body = request && !isFile ? element("textarea", { name: "body", spellcheck: "false", "aria-label": "请求内容" }) : null;
  if (body) body.value = JSON.stringify(sample(request[1].schema), null, 2);
  const file = isFile ? element("input", { type: "file", name: "file", required: true, "aria-label": "文件" }) : null;
  const send = async (event) => {
    event.preventDefault();
    await show(result, () => ask(event.target, path, method, body, file));
    const key = event.target.elements["Idempotency-Key"];
    if (key) key.value = crypto.randomUUID();
  };
  return element("form", { onsubmit: send }, ...fields, body, file, element("p", {}, element("button", {}, "发送")), result);
}

function ask(form, path, method, body, file) {
  const query = new URLSearchParams();
  const headers = csrfToken && method !== "get" ? { "X-CSRF-Token": csrfToken } : {};
  let address = path;
  for (const input of form.querySelectorAll("[data-in]")) {
    if (!input.value) continue;
    if (input.dataset.in === "path") address = address.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.dataset.in === "query") query.append(input.name, input.value);
    else headers[input.name] = input.value;
  }
  const options = { method: method.toUpperCase(), headers };
  if (body) {
    headers["Content-Type"] = "application/json";
    options.body = body.value;
  }
  if (file) {
    options.body = new FormData();
    options.body.append("file", file.files[0]);
  }
  return fetch(`${address}${query.size ? `?${query}` : ""}`, options);
}

async function show(result, send) {
  result.replaceChildren("……");
  try {
    const reply = await send();
    const type = reply.headers.get("Content-Type") || "";
    const status = element("p", { class: reply.ok ? "status-ok" : "status-bad" }, `${reply.status} ${reply.ok ? "成功" : "未成功"}`);
    if (type.includes("json")) {
      const told = await reply.json();
      result.replaceChildren(status, told.detail && !reply.ok ? element("p", {}, told.detail) : "", element("pre", {}, JSON.stringify(told, null, 2)));
    } else {
      const link = element("a", { href: URL.createObjectURL(await reply.blob()), download: "文件" }, "保存收到的文件");
      result.replaceChildren(status, link);
    }
  } catch (error) {
    result.replaceChildren(element("p", { class: "status-bad" }, `没有连上：${error.message}`));
  }
}

// ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────

function about(info) {
  const blocks = info.description.trim().split("\n\n").map((block) =>
    block.startsWith("- ")
      ? element("ul", {}, ...block.split(/\n(?=- )/).map((line) => element("li", {}, ...inline(line.slice(2).replace(/\s*\n\s*/g, "")))))
      : element("p", {}, ...inline(block)));
  byId("about").append(...blocks);
}

function inline(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

function draw(document_) {
  about(document_.info);
  const groups = new Map(document_.tags.map((tag) => [tag.name, { title: tag.description, found: [] }]));
  for (const [path, item] of Object.entries(document_.paths)) {
    for (const method of METHODS.filter((each) => item[each])) {
      groups.get(item[method].tags[0]).found.push(operation(path, method, item[method]));
    }
  }
  for (const [name, { title, found }] of groups) {
    byId("operations").append(element("section", {}, element("h2", { id: `group-${name}` }, title), ...found));
    byId("contents").append(element("li", {}, element("a", { href: `#group-${name}` }, title)));
  }
  byId("contents").append(element("li", {}, element("a", { href: "#problems" }, "错误代码")));
  for (const [code, title] of Object.entries(document_["x-problems"])) {
    byId("codes").append(element("tr", { id: `problem-${code}` }, element("td", {}, element("code", {}, code)), element("td", {}, title)));
  }
}

function find() {
  const words = byId("find").value.trim().toLowerCase();
  for (const each of document.querySelectorAll("details")) each.hidden = !each.dataset.words.includes(words);
  for (const each of document.querySelectorAll("#operations section")) each.hidden = !each.querySelector("details:not([hidden])");
}

async function begin() {
  byId("sign-in").addEventListener("submit", signIn);
  byId("sign-out").addEventListener("click", signOut);
  byId("find").addEventListener("input", find);
  const reply = await fetch("/api/v1/openapi.json");
  draw(await reply.json());
  if (location.hash) {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) {
      if (target.tagName === "DETAILS") target.open = true;
      target.scrollIntoView();
    }
  }
  await learnWho();
}

begin();
