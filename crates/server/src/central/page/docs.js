// Signs in, gets the OpenAPI document with the token, and lists its operations. The token lives in this page only.
const form = document.getElementById("sign-in");
const message = document.getElementById("message");
const operations = document.getElementById("operations");

async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.message} ${body.next}`);
  return body;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function show(method, path, operation) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.append(element("code", `${method.toUpperCase()} ${path}`), ` ${operation.summary ?? ""}`);
  details.append(summary);
  if (operation["x-needs"]) details.append(element("p", `Needs: ${operation["x-needs"]}`));
  for (const [title, part] of [["Parameters", operation.parameters], ["Body", operation.requestBody], ["Answers", operation.responses]]) {
    if (part) details.append(element("h2", title), element("pre", JSON.stringify(part, null, 2)));
  }
  return details;
}

function list(document) {
  const all = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => show(method, path, operation)));
  const shared = show("", "Shared schemas", { summary: "" });
  shared.append(element("pre", JSON.stringify(document.components.schemas, null, 2)));
  operations.replaceChildren(...all, shared);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  const base = `/v1/${encodeURIComponent(given.tenant)}`;
  try {
    const grant = await ask(`${base}/sign-in`, { method: "POST", body: JSON.stringify({ email: given.email, password: given.password }) });
    list(await ask(`${base}/openapi.json`, { headers: { authorization: `Bearer ${grant.access_token}` } }));
    form.hidden = true;
    document.getElementById("contents").hidden = false;
  } catch (error) {
    message.textContent = error.message;
  }
});

document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const details of operations.children) details.hidden = !details.textContent.toLowerCase().includes(wanted);
});
