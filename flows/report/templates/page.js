"use strict";
// The page reads without this script; it adds search, filters and keys.
const items = [...document.querySelectorAll(".item")];
const field = (id) => document.getElementById(id);
const folded = (text) => text.normalize("NFKC").toLowerCase();
const texts = new Map();

function textOf(item) {
  if (!texts.has(item)) texts.set(item, folded(item.textContent));
  return texts.get(item);
}

function passes(item, words, status, rule, outlet) {
  const filtered = status || rule || outlet;
  if (filtered && !item.matches(".doc")) return false;
  if (status && item.dataset.status !== status) return false;
  if (rule && !item.dataset.rules.split(" ").includes(rule)) return false;
  if (outlet && item.dataset.outlet !== outlet) return false;
  return words.every((word) => textOf(item).includes(word));
}

function apply() {
  const words = folded(field("search").value).split(/\s+/).filter(Boolean);
  const chosen = ["status", "rule", "outlet"].map((id) => field(id).value);
  const active = words.length > 0 || chosen.some(Boolean);
  for (const item of items) item.hidden = active && !passes(item, words, ...chosen);
  for (const section of document.querySelectorAll("main > section")) {
    const own = [...section.querySelectorAll(".item")];
    section.hidden = active && own.every((item) => item.hidden);
  }
  const documents = items.filter((item) => item.matches(".doc") && !item.hidden).length;
  field("found").textContent = active ? `${documents} of ${document.querySelectorAll(".doc").length} documents` : "";
  document.querySelector(".nothing").hidden = !active || items.some((item) => !item.hidden);
}

function clear() {
  for (const id of ["search", "status", "rule", "outlet"]) field(id).value = "";
  apply();
}

function step(by) {
  const heads = items.filter((item) => !item.hidden).map((item) => item.querySelector("summary, a")).filter(Boolean);
  const here = heads.findIndex((head) => head.parentElement.contains(document.activeElement));
  const next = heads[here < 0 && by < 0 ? heads.length - 1 : here + by];
  if (next) next.focus();
}

function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches("details")) return;
  if (target.hidden) clear();
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus({ preventScroll: true });
}

function key(event) {
  const typing = event.target.matches("input, select");
  if (event.key === "Escape" && typing) {
    clear();
    event.target.blur();
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") field("search").focus();
    else return;
    event.preventDefault();
  }
}

document.querySelector(".tools").hidden = false;
document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
document.querySelector(".tools").addEventListener("input", apply);
document.addEventListener("keydown", key);
window.addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  const link = event.target.closest('main a[href^="#"]');
  if (link && link.hash === location.hash) follow();
});
follow();
