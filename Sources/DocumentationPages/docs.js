// Shows an OpenAPI 3.1 document, and lets its endpoints be tried out. It loads nothing but that
// document, and sends nothing but what the reader sends.

const isReading = location.pathname.endsWith("/redoc");
const base = new URL(".", location.href);
const shownBytesMax = 200_000;

// ---- Elements

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return made;
}

/** Text with `code` in it. */
function inline(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

const paragraphs = (text) =>
  text.split(/\n\n+/).map((part) => element("p", {}, inline(part)));

function highlighted(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const code = element("code");
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;
  let end = 0;
  for (const match of text.matchAll(token)) {
    code.append(text.slice(end, match.index));
    const kind = match[1] ? (match[2] ? "k" : "s") : /\d/.test(match[0]) ? "n" : "w";
    code.append(element("span", { class: kind }, match[1] ?? match[0]), match[2] ?? "");
    end = match.index + match[0].length;
  }
  code.append(text.slice(end));
  return element("pre", { tabindex: "0" }, code);
}

const badge = (method) =>
  element("span", { class: `badge ${method}` }, method.toUpperCase());

const statusBadge = (status, text = status) =>
  element("span", { class: `status c${String(status)[0]}` }, String(text));

// ---- Schemas

let api = {};

/** What a reference stands for. */
function resolve(item) {
  if (!item?.$ref) return item;
  return item.$ref.slice(2).split("/").reduce((part, key) => part?.[key], api);
}

const limits64 = ["-9223372036854775808", "9223372036854775807"].map(Number);

/** The kind of a value in a few words. */
function kind(schema) {
  const known = resolve(schema);
  if (known.const !== undefined) return JSON.stringify(known.const);
  if (known.enum) return known.enum.map((value) => JSON.stringify(value)).join(", ");
  if (known.anyOf) return known.anyOf.map(kind).join(" or ");
  if (known.type === "array") return known.prefixItems ? "list" : `list of ${kind(known.items)}`;
  if (known.type === "object") return known.title ?? "object";
  return [known.type, ...bounds(known)].join(" ");
}

function bounds(schema) {
  const found = [];
  const least = schema.minimum > limits64[0] ? schema.minimum : undefined;
  const most = schema.maximum < limits64[1] ? schema.maximum : undefined;
  if (least !== undefined && most !== undefined) found.push(`from ${least} to ${most}`);
  else if (least !== undefined) found.push(`from ${least} on`);
  else if (most !== undefined) found.push(`up to ${most}`);
  if (schema.maxLength !== undefined) {
    found.push(`of ${schema.minLength ?? 0} to ${schema.maxLength} characters`);
  }
  return found;
}

/** The members of the objects in a schema, with how deep they are. */
function members(schema, depth = 0) {
  const known = resolve(schema);
  if (known.type === "array" && known.items) return members(known.items, depth);
  if (known.anyOf) return known.anyOf.flatMap((choice) => members(choice, depth));
  return Object.entries(known.properties ?? {}).flatMap(([name, value]) => [
    { name, value, depth }, ...members(value, depth + 1)]);
}

function schemaTable(schema) {
  const rows = members(schema).map(({ name, value, depth }) => {
    const description = value.description ?? resolve(value).description;
    const cell = element("th", { scope: "row" }, element("code", {}, name));
    cell.style.paddingInlineStart = `${depth}rem`;
    return element("tr", {}, cell, element("td", {}, kind(value)),
      element("td", {}, description ? inline(description) : ""));
  });
  if (!rows.length) return null;
  const head = element("thead", { class: "visually-hidden" }, element("tr", {},
    ["Member", "Kind", "Meaning"].map((text) => element("th", { scope: "col" }, text))));
  return element("div", { class: "scroll" }, element("table", {}, head, element("tbody", {}, rows)));
}

// ---- Responses

/** The texts that `{"detail": …}` may hold; none when it is another kind of content. */
const details = (schema) => resolve(schema).properties?.detail?.enum ?? [];

function contentOf(status, content, isOpen) {
  const choices = content.schema.anyOf ?? [content.schema];
  const texts = choices.flatMap(details);
  const others = choices.filter((choice) => !details(choice).length);
  const examples = Object.entries(content.examples ?? {}).filter(([name]) => !texts.includes(name));
  return [
    texts.length > 0 && element("ul", { class: "details" },
      texts.map((text) => element("li", {}, element("code", {}, JSON.stringify({ detail: text }))))),
    others.map((schema) => element("details", { class: "more", open: isOpen },
      element("summary", {}, kind(schema), element("span", { class: "visually-hidden" }, ` of ${status}`)),
      schemaTable(schema),
      examples.map(([name, { value }]) => [
        examples.length > 1 && element("p", { class: "example-name" }, name), highlighted(value)]))),
  ];
}

function responseView(status, response, isOpen) {
  const content = response.content?.["application/json"];
  const fields = Object.entries(response.headers ?? {}).filter(([, field]) => field.required);
  return element("div", { class: "response" },
    element("div", { class: "line" }, statusBadge(status), element("p", {}, inline(response.description),
      fields.map(([name, field]) => [" ", element("code", {}, name), ": ", inline(field.description)]))),
    content && contentOf(status, content, isOpen));
}

function responsesView(operation) {
  const all = Object.entries(operation.responses);
  const own = all.filter(([, response]) => !response.$ref);
  const shared = all.filter(([, response]) => response.$ref);
  return element("section", {},
    element("h4", {}, "Answers"),
    own.map(([status, response], index) => responseView(status, response, isReading && !index)),
    shared.length > 0 && element("details", { class: "more" },
      element("summary", {}, `${shared.length} more that HTTP itself may give`),
      shared.map(([status, response]) => responseView(status, resolve(response), false))));
}

// ---- Parameters

function parameterText(parameter) {
  const where = parameter.in === "header" ? "field" : "query";
  return [
    element("span", { class: "kind" }, `${kind(parameter.schema)}, ${where}`),
    parameter.required && element("span", { class: "required" }, "required"),
  ];
}

function parameterTable(operation) {
  const parameters = operation.parameters ?? [];
  if (!parameters.length) return null;
  return element("section", {}, element("h4", {}, "Parameters"),
    parameters.map((parameter) => element("div", { class: "field" },
      element("span", { class: "name" }, parameter.name), parameterText(parameter),
      element("p", { class: "hint" }, inline(parameter.description)))));
}

function parameterField(id, parameter) {
  const input = element("input", {
    id, name: parameter.name, autocomplete: "off", spellcheck: "false", autocapitalize: "off",
    "aria-describedby": `${id}-hint`, placeholder: parameter.required ? null : "left out",
    inputmode: parameter.schema.type === "integer" ? "numeric" : null,
  });
  if (parameter.in === "query") input.value = parameter.example ?? "";
  const isKey = parameter.name === "Idempotency-Key";
  const field = isKey
    ? element("div", { class: "with-button" }, input, element("button", {
        type: "button", onclick: () => { input.value = uuid(); input.dispatchEvent(new Event("input", { bubbles: true })); },
      }, "New key"))
    : input;
  return element("div", { class: "field" },
    element("label", { for: id }, parameter.name), parameterText(parameter),
    element("p", { class: "hint", id: `${id}-hint` }, inline(parameter.description)), field);
}

// ---- Trying out

function hex(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function uuid() {
  const text = hex(16);
  const variant = "89ab"[parseInt(text[16], 16) % 4];
  return [text.slice(0, 8), text.slice(8, 12), `4${text.slice(13, 16)}`,
    variant + text.slice(17, 20), text.slice(20)].join("-");
}

/** The request that a form stands for. What is left empty is not sent. */
function requestOf(form, method, path, operation) {
  const url = new URL(path.slice(1), base);
  const query = new URLSearchParams();
  const headers = {};
  for (const parameter of operation.parameters ?? []) {
    const value = form.elements[parameter.name].value;
    if (value === "") continue;
    if (parameter.in === "query") query.append(parameter.name, value);
    else headers[parameter.name] = value;
  }
  url.search = query.toString();
  return { method: method.toUpperCase(), url, headers };
}

function curl({ method, url, headers }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const fields = Object.entries(headers).map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`);
  return `curl -i -X ${method}${fields.join("")} ${quoted(url.href)}`;
}

async function send(request, panel) {
  const headers = { ...request.headers };
  const traces = api["x-traces"];
  const traceID = hex(16);
  // The trace is the reader's own: the answer need not name it.
  if (traces?.recorded) headers.traceparent = `00-${traceID}-${hex(8)}-01`;
  const start = performance.now();
  try {
    const response = await fetch(request.url, { method: request.method, headers, cache: "no-store" });
    const text = await response.text();
    const elapsed = performance.now() - start;
    const told = response.headers.get("traceresponse")?.split("-")[1];
    panel.replaceChildren(...answerView(response, text, elapsed, traces?.recorded && (told ?? traceID)));
  } catch (error) {
    panel.replaceChildren(element("div", { class: "facts" }, statusBadge(0, "No answer"),
      element("span", {}, `The request failed: ${error.message}`)));
  }
}

function answerView(response, text, elapsed, traceID) {
  const fields = [...response.headers].sort();
  const bytes = new TextEncoder().encode(text).length;
  return [
    element("div", { class: "facts" },
      statusBadge(response.status, `${response.status} ${response.statusText}`),
      element("span", {}, `${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} ms`),
      element("span", {}, `${bytes.toLocaleString("en")} bytes`)),
    contentView(response, text),
    traceID && element("p", { class: "trace" }, "Trace ", traceView(traceID)),
    element("details", {}, element("summary", {}, `${fields.length} fields of the answer`),
      element("dl", { class: "headers" }, fields.map(([name, value]) => [
        element("dt", {}, name), element("dd", {}, value)]))),
  ].filter(Boolean);
}

function contentView(response, text) {
  if (text.length > shownBytesMax) {
    const shown = element("pre", { tabindex: "0" }, text.slice(0, shownBytesMax));
    return element("div", {}, shown, element("p", { class: "trace" },
      `The first ${shownBytesMax.toLocaleString("en")} characters are shown.`));
  }
  try {
    return highlighted(JSON.parse(text));
  } catch {
    return element("pre", { tabindex: "0" }, text);
  }
}

function traceView(traceID) {
  const address = api["x-traces"].url?.replace("{trace_id}", traceID);
  const id = element("code", {}, traceID);
  if (!address) return id;
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, id,
    element("span", { class: "visually-hidden" }, " (in Jaeger, opens a new tab)"));
}

function tryView(id, method, path, operation) {
  const line = element("code");
  const panel = element("div", { class: "answer", role: "status", "aria-label": "Answer" });
  const submit = element("button", { class: "main", type: "submit" }, "Send request");
  const copy = element("button", { type: "button" }, "Copy as curl");
  const form = element("form", { novalidate: true, "aria-label": `Try ${method.toUpperCase()} ${path}` },
    (operation.parameters ?? []).map((parameter, index) => parameterField(`${id}-${index}`, parameter)),
    element("pre", { class: "line", tabindex: "0" }, line),
    element("div", { class: "actions" }, submit, copy));
  const current = () => requestOf(form, method, path, operation);
  const show = () => { line.textContent = curl(current()); };
  form.addEventListener("input", show);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    await send(current(), panel);
    submit.disabled = false;
    submit.focus();
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(curl(current()));
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(line);
      copy.textContent = "Selected";
    }
    setTimeout(() => { copy.textContent = "Copy as curl"; }, 1500);
  });
  show();
  return element("section", {}, element("h4", {}, "Try it out"), form, panel);
}

// ---- The page

function operationView(method, path, operation) {
  const id = operation.operationId;
  const left = isReading ? parameterTable(operation) : tryView(id, method, path, operation);
  return element("article", { class: "operation", id, "data-words": `${path} ${operation.summary} ${operation.description}`.toLowerCase() },
    element("details", { open: isReading },
      element("summary", {}, badge(method), element("h3", {},
        element("span", { class: "path" }, path), element("span", { class: "summary" }, operation.summary))),
      element("div", { class: "body" }, paragraphs(operation.description),
        element("div", { class: left ? "columns" : "columns single" }, left, responsesView(operation)))));
}

function operationsOf(tag) {
  return Object.entries(api.paths).flatMap(([path, item]) => Object.entries(item)
    .filter(([, operation]) => operation.tags?.includes(tag))
    .map(([method, operation]) => ({ method, path, operation })));
}

function build() {
  document.title = `${api.info.title} – API documentation`;
  document.getElementById("brand").textContent = api.info.title;
  const main = document.getElementById("content");
  const groups = api.tags.map(({ name, description }) => ({ name, description, operations: operationsOf(name) }));
  main.replaceChildren(
    element("div", { class: "intro" },
      element("h1", {}, api.info.title, " ", element("span", { class: "version" }, api.info.version)),
      paragraphs(api.info.description)),
    ...groups.map((group) => element("section", { class: "group" },
      element("h2", {}, group.name), element("p", {}, inline(group.description)),
      group.operations.map(({ method, path, operation }) => operationView(method, path, operation)))));
  document.getElementById("index").replaceChildren(...groups.flatMap((group) => [
    element("h2", {}, group.name),
    element("ul", {}, group.operations.map(({ method, path, operation }) => element("li", {},
      element("a", { href: `#${operation.operationId}` }, badge(method), path))))]));
  main.setAttribute("aria-busy", "false");
}

function filter() {
  const words = document.getElementById("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const article of document.querySelectorAll(".operation")) {
    article.hidden = !words.every((word) => article.dataset.words.includes(word));
    const link = document.querySelector(`.side a[href="#${article.id}"]`);
    link.parentElement.hidden = article.hidden;
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = !group.querySelector(".operation:not([hidden])");
  }
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  for (const link of document.querySelectorAll(".side a")) {
    if (link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (!target?.matches(".operation")) return;
  target.querySelector("details").open = true;
  target.scrollIntoView();
}

async function start() {
  if (isReading) Object.assign(document.getElementById("other"), { href: "docs", textContent: "Try it out" });
  try {
    const response = await fetch(new URL("openapi.json", base));
    if (!response.ok) throw new Error(`status ${response.status}`);
    api = await response.json();
    build();
  } catch (error) {
    document.getElementById("content").replaceChildren(
      element("p", { class: "notice", role: "alert" }, `The description cannot be loaded: ${error.message}`));
    return;
  }
  document.getElementById("filter").addEventListener("input", filter);
  addEventListener("hashchange", openTarget);
  openTarget();
}

start();
