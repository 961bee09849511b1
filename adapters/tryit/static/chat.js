// Live updates for the sample chat. Without this script every form posts and every link leads; with it, posts are sent
// in the background and the page takes over what has changed, without losing focus, drafts or the place in the log.

const get = (id, root = document) => root.getElementById(id);
const textBox = () => get("text");
let asked = 0;
let taken = 0;
let opener = null;
let shown = location.search;

// --- taking over a newer page ---------------------------------------------------------------------------------------

async function refresh() {
  const mine = ++asked;
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (mine < taken) return page;
  taken = mine;
  const focused = document.activeElement?.id;
  document.title = page.title;
  for (const part of document.querySelectorAll("[data-live]")) takeOver(part, get(part.id, page));
  takeOver(document.querySelector("#menu summary"), page.querySelector("#menu summary"));
  updateComposer(get("composer"), get("composer", page));
  updateLog(page);
  updateDialog(get("form", page));
  if (focused && document.activeElement === document.body) get(focused)?.focus();
  return page;
}

function takeOver(old, fresh) {
  if (old && fresh && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
}

function updateComposer(old, fresh) {
  if (old.dataset.mode !== fresh.dataset.mode || old.dataset.place !== fresh.dataset.place) {
    old.replaceWith(fresh);
  } else {
    takeOver(get("composer-hint"), fresh.querySelector("#composer-hint"));
  }
}

function updateLog(page) {
  const fresh = get("log", page);
  const log = get("log");
  if (!log || !fresh) {
    if (fresh) get("composer").before(fresh);
    scrollToEnd();
    return;
  }
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const wanted = [...get("log-list", page).children];
  const ids = new Set(wanted.map((item) => item.id));
  for (const item of [...get("log-list").children]) if (!ids.has(item.id)) item.remove();
  wanted.forEach((item, position) => placeItem(item, position));
  if (!get("empty", page)) get("empty")?.remove();
  if (atEnd) scrollToEnd();
}

function placeItem(item, position) {
  const list = get("log-list");
  const old = get(item.id);
  if (!old) list.insertBefore(item, list.children[position] ?? null);
  else if (old.outerHTML !== item.outerHTML) {
    const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
    old.replaceWith(item);
    if (focused !== null) (get(focused) ?? item).focus();
  }
}

// Shows the end of the conversation, or the start of a last message that is taller than the window.
function scrollToEnd() {
  const log = get("log");
  const last = get("log-list")?.lastElementChild;
  if (!log || !last) return;
  const tall = last.offsetHeight > log.clientHeight;
  log.scrollTop = tall ? last.offsetTop - log.offsetTop : log.scrollHeight;
}

// --- the form as a modal dialog -------------------------------------------------------------------------------------

function updateDialog(fresh) {
  const old = get("form");
  if (old?.dataset.serial === fresh?.dataset.serial) return;
  if (old) {
    old.close();
    old.remove();
  }
  if (fresh) {
    opener ??= document.activeElement?.id;
    get("dialog-area").append(fresh);
    showDialog();
  } else {
    (get(opener) ?? textBox())?.focus();
    opener = null;
  }
}

function showDialog() {
  const dialog = get("form");
  dialog.close();
  dialog.showModal();
  (dialog.querySelector("[aria-invalid]") ?? dialog.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    get("form-close").click();
  });
}

// --- sending --------------------------------------------------------------------------------------------------------

async function send(form, button) {
  if (form.ariaBusy === "true") return;
  const body = new URLSearchParams(new FormData(form, button));
  const typed = form.contains(textBox()) ? textBox().value : null;
  form.ariaBusy = "true";
  say("");
  if (typed !== null) {
    textBox().value = "";
    get("hints").open = false;
  }
  // A button named "action" hides the form's own property of that name.
  const problem = await post(button?.getAttribute("formaction") ?? form.getAttribute("action"), body);
  form.ariaBusy = null;
  if (problem !== null) {
    say(problem, form);
    if (typed !== null && !textBox().value) textBox().value = typed;
  } else if (typed !== null) {
    form.elements.post.value = crypto.randomUUID();
    scrollToEnd();
  }
  await refresh();
  if (typed !== null && problem === null) scrollToEnd();
}

async function post(action, body) {
  try {
    const response = await fetch(action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (response.ok) return null;
    return response.status < 500 ? await response.text() : document.body.dataset.failed;
  } catch {
    return document.body.dataset.failed;
  }
}

function say(problem, form = null) {
  const text = document.createElement("p");
  text.textContent = problem;
  const inDialog = form?.closest("dialog");
  if (inDialog) {
    const place = inDialog.querySelector("[role=alert]") ?? document.createElement("div");
    place.role = "alert";
    place.className = "error";
    form.querySelector("h2").after(place);
    place.replaceChildren(text);
  } else get("notice").replaceChildren(...(problem ? [text] : []));
}

// --- going somewhere ------------------------------------------------------------------------------------------------

async function go(address, push) {
  if (push) history.pushState(null, "", address);
  shown = location.search;
  say("");
  const page = await refresh();
  const draft = get("text", page)?.value;
  if (draft && textBox()) textBox().value = draft;
  get("menu").open = get("hints").open = false;
  scrollToEnd();
  (draft ? textBox() : get("room-title")).focus();
}

function staysHere(link) {
  const here = new URLSearchParams(location.search);
  const there = new URL(link.href).searchParams;
  return here.get("as") === there.get("as") && here.get("lang") === there.get("lang");
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (link && plain && link.matches("[data-here], .channel") && staysHere(link)) {
    event.preventDefault();
    go(link.href, true);
  }
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.id === "text" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  }
  const menu = event.key === "Escape" && event.target.closest?.("details[data-menu][open], #menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A link to a part of this page changes the address too, but nothing else.
window.addEventListener("popstate", () => location.search === shown || go(location.href, false));

// --- hearing of changes ---------------------------------------------------------------------------------------------

const events = new EventSource("/chat/events");
events.addEventListener("changed", () => refresh().catch(() => {}));
events.addEventListener("open", () => (get("status").textContent = ""));
events.addEventListener("error", () => (get("status").textContent = document.body.dataset.lost));
setInterval(() => document.hidden || refresh().catch(() => {}), 30_000);

document.documentElement.classList.add("live");
if (get("form")) showDialog();
scrollToEnd();
