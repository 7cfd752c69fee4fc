"use strict";
// The server under test, and the READMEs of its old clients.

const fs = require("node:fs");
const path = require("node:path");

const main = process.env.E2E_URL;
const rest = process.env.E2E_API_URL;
const sockets = main.replace("http", "ws");

async function post(path, body) {
  const answer = await fetch(main + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Makes sure that there is this organization with this group, as README 001 does it with curl. */
async function team(org, group) {
  await post("/api/v1/orgs", { id: org, name: "Acme Corp" });
  await post(`/api/v1/orgs/${org}/groups`, { id: group, name: "Engineering" });
}

/** The JavaScript of one README, with the port of this server and no other change. */
function snippet(number) {
  const text = fs.readFileSync(path.join(__dirname, "..", "readme", `${number}.md`), "utf8");
  return text.match(/```javascript\n([^]*?)```/)[1].replace("localhost:8080", new URL(main).host);
}

/** A name that no other check uses. */
const fresh = word => `${word}_${crypto.randomUUID().slice(0, 8)}`;

/** The first true answer of the probe. */
async function eventually(what, probe, within = 10_000) {
  for (const end = Date.now() + within; Date.now() < end;) {
    const answer = await probe();
    if (answer) return answer;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${within} ms: ${what}`);
}

module.exports = { main, rest, sockets, post, team, snippet, fresh, eventually };
