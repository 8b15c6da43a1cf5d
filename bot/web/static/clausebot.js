/* What pages do beyond links and forms, which work without it. Nothing here asks another host. */
"use strict";

const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Ask the service for a part of a page; null where it can't be reached. */
const fetchPart = async (address, options = {}) => {
  try {
    const response = await fetch(address, { ...options, headers: { "X-Requested-With": "clausebot" } });
    return response.headers.get("Content-Type")?.startsWith("text/html") ? await response.text() : null;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null;
  }
};

const sendForm = (form, submitter) => {
  const data = new URLSearchParams(new FormData(form));
  if (submitter?.name) data.set(submitter.name, submitter.value);
  return fetchPart(form.action, { method: "POST", body: data });
};

/** The browser's memory, or nothing where it has none: private windows, full disks. */
const recall = (store, name) => {
  try {
    const held = JSON.parse(store().getItem(name));
    return Array.isArray(held) ? held : [];
  } catch {
    return [];
  }
};
const remember = (store, name, value) => {
  try {
    store().setItem(name, JSON.stringify(value));
  } catch {
    /* The page works without it. */
  }
};

/* The chat */

const RECENT = "clausebot.recent";
const MOST_RECENT = 8;
const TALK = "clausebot.talk";
const MOST_TURNS = 20;
const local = () => window.localStorage;
const session = () => window.sessionStorage;

const startChat = (log) => {
  const form = find(".asking form");
  const box = find("#question");

  const keepTalk = () => {
    const turns = findAll("[data-turn]", log).slice(-MOST_TURNS);
    remember(session, TALK, turns.map((turn) => turn.outerHTML));
  };

  const showRecent = () => {
    const recent = recall(local, RECENT);
    const section = find("#recent");
    section.hidden = !recent.length;
    find("ul", section).replaceChildren(
      ...recent.map((question) => {
        const button = document.createElement("button");
        const words = document.createElement("span");
        words.textContent = question;
        words.dir = "auto";
        button.type = "button";
        button.append(words);
        button.addEventListener("click", () => {
          box.value = question;
          form.requestSubmit();
        });
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
  };

  const noteQuestion = (question) => {
    const others = recall(local, RECENT).filter((other) => other !== question);
    remember(local, RECENT, [question, ...others].slice(0, MOST_RECENT));
    showRecent();
  };

  const ask = async (asking, submitter) => {
    const question = (submitter?.name === "question" ? submitter.value : box.value).trim();
    if (!question || log.getAttribute("aria-busy") === "true") return;
    log.setAttribute("aria-busy", "true");
    document.body.classList.add("going");
    const waiting = find("#waiting").content.firstElementChild.cloneNode(true);
    find(".asked", waiting).textContent = question;
    log.append(waiting);
    waiting.scrollIntoView({ block: "start" });
    const sent = sendForm(asking, submitter);
    if (asking === form) box.value = "";
    const html = await sent;
    log.removeAttribute("aria-busy");
    if (html?.includes("data-turn")) {
      waiting.insertAdjacentHTML("afterend", html);
      const turn = waiting.nextElementSibling;
      waiting.remove();
      turn.scrollIntoView({ block: "start" });
      find("#told").textContent = turn.dataset.told;
      noteQuestion(question);
      keepTalk();
    } else {
      find(".answer", waiting).innerHTML = html ?? find("#offline").innerHTML;
      find("#told").textContent = find(".answer", waiting).textContent.trim();
      waiting.classList.remove("waiting");
      if (!box.value) box.value = question;
    }
    if (matchMedia("(hover: hover)").matches) box.focus({ preventScroll: true });
  };

  const rate = async (rating, submitter) => {
    const html = await sendForm(rating, submitter);
    if (!html) return;
    if (!html.includes("data-rating")) {
      findAll("[data-problem]", rating).forEach((told) => told.remove());
      rating.insertAdjacentHTML("beforeend", html);
      return;
    }
    rating.insertAdjacentHTML("afterend", html);
    const next = rating.nextElementSibling;
    rating.remove();
    next.scrollIntoView({ block: "nearest" });
    (find("input[type=radio], .thanks", next) ?? next).focus({ preventScroll: true });
    keepTalk();
  };

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-ask]")) {
      event.preventDefault();
      ask(event.target, event.submitter);
    } else if (event.target.matches("[data-rating]")) {
      event.preventDefault();
      rate(event.target, event.submitter);
    }
  });

  find("#recent-clear").addEventListener("click", () => {
    remember(local, RECENT, []);
    showRecent();
    box.focus();
  });

  // What was said in this tab is there again after a look at a clause; forms in it belong to this page's session.
  const kept = recall(session, TALK).filter((turn) => typeof turn === "string");
  const drawn = findAll("[data-turn]", log);
  const old = document.createElement("template");
  old.innerHTML = kept.join("");
  findAll("[data-turn]", old.content).forEach((turn) => {
    if (drawn.some((other) => other.id === turn.id)) turn.remove();
  });
  findAll("[name=seal]", old.content).forEach((field) => (field.value = find("[name=seal]", form).value));
  log.prepend(old.content);
  if (log.childElementCount) document.body.classList.add("going");
  drawn.forEach((turn) => noteQuestion(find(".asked", turn).textContent));
  if (drawn.length) drawn.at(-1).scrollIntoView({ block: "start" });
  if (log.childElementCount) keepTalk();
  showRecent();
};

/* The box to ask in: Enter sends, a slash lists clauses */

const SLASH = /(^|\s)\/([^\n/]{0,60})$/;

const startBox = (box) => {
  const list = document.createElement("ul");
  list.id = "options";
  list.className = "options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.options);
  box.parentElement.append(list);
  // A box of several lines may not be called a combobox; these two it may have.
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  let request = new AbortController();
  let timer = 0;

  const close = () => {
    clearTimeout(timer);
    request.abort();
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  };

  const choose = (option) => {
    findAll("li", list).forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const take = (option) => {
    const before = box.value.slice(0, box.selectionStart).replace(SLASH, `$1${option.dataset.ref} `);
    const after = box.value.slice(box.selectionStart);
    box.value = before + after;
    box.setSelectionRange(before.length, before.length);
    close();
    box.focus();
  };

  const suggest = async (text) => {
    request.abort();
    request = new AbortController();
    try {
      const html = await fetchPart(`${box.dataset.suggest}?text=${encodeURIComponent(text)}`, { signal: request.signal });
      list.innerHTML = html ?? "";
    } catch {
      return;
    }
    const first = find("li", list);
    list.hidden = !first;
    if (first) choose(first);
  };

  box.addEventListener("input", () => {
    const typed = SLASH.exec(box.value.slice(0, box.selectionStart));
    clearTimeout(timer);
    if (!typed) close();
    else timer = setTimeout(suggest, 100, typed[2]);
  });
  box.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!list.hidden) {
      const options = findAll("li", list);
      const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) choose(options.at((at + step) % options.length));
      else if (event.key === "Enter" || event.key === "Tab") take(options[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (box.value.trim()) box.form.requestSubmit();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
    box.setRangeText("/", box.value.length, box.value.length, "end");
    box.dispatchEvent(new Event("input"));
  });
};

/* The viewer: a statement and the sentences that it restates light up together, with a line between them */

const startTies = () => {
  let line = null;

  const byId = (id) => document.getElementById(id);
  const partner = (element) => (element.dataset.ties ?? "").split(" ").map(byId).filter(Boolean);
  const isSentence = (element) => element.classList.contains("sentence");

  const drawLines = (origin, others) => {
    line?.remove();
    line = null;
    const apart = others.filter((other) => isSentence(other) !== isSentence(origin));
    if (!apart.length || !matchMedia("(min-width: 60rem)").matches) return;
    const svg = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
    line = svg("svg");
    line.setAttribute("class", "tie");
    line.setAttribute("aria-hidden", "true");
    for (const other of apart) {
      const [statement, sentence] = isSentence(origin) ? [other, origin] : [origin, other];
      const panel = sentence.closest(".source").getBoundingClientRect();
      const from = statement.getBoundingClientRect();
      const to = find(".number", sentence).getBoundingClientRect();
      const [x, y] = [from.right, from.top + Math.min(from.height / 2, 20)];
      const toY = to.top + to.height / 2;
      if (toY < panel.top || toY > panel.bottom || y < 0 || y > innerHeight) continue;
      const bend = panel.left - 14;
      const path = svg("path");
      path.setAttribute("d", `M${x} ${y}C${bend} ${y} ${x + 8} ${toY} ${panel.left} ${toY}h12`);
      path.setAttribute("class", ["csp", "csc", "third_party"].find((party) => statement.classList.contains(party)) ?? "other");
      line.append(path);
    }
    document.body.append(line);
  };

  const light = (origin) => {
    findAll(".is-tied").forEach((element) => element.classList.remove("is-tied"));
    line?.remove();
    line = null;
    if (!origin) return;
    const others = partner(origin);
    [origin, ...others].forEach((element) => element.classList.add("is-tied"));
    drawLines(origin, others);
  };

  const settled = () => {
    const focused = document.activeElement?.closest("[data-ties]");
    const named = location.hash ? byId(decodeURIComponent(location.hash.slice(1))) : null;
    return focused ?? (named?.dataset.ties ? named : null);
  };

  const bringInto = (origin) => {
    const sentence = partner(origin).find(isSentence);
    const panel = sentence?.closest(".source");
    if (!panel || panel.scrollHeight <= panel.clientHeight) return;
    const [inside, around] = [sentence.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (inside.top < around.top || inside.bottom > around.bottom) {
      panel.scrollTop += inside.top - around.top - panel.clientHeight / 3;
    }
  };

  let hovering = 0;
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const origin = event.target.closest("[data-ties]");
    clearTimeout(hovering);
    light(origin ?? settled());
    if (origin && !isSentence(origin)) {
      hovering = setTimeout(() => {
        bringInto(origin);
        light(origin);
      }, 120);
    }
  });
  document.addEventListener("focusin", () => {
    const origin = settled();
    if (origin && !isSentence(origin)) bringInto(origin);
    light(origin);
  });
  addEventListener("hashchange", () => light(settled()));
  addEventListener("resize", () => light(settled()));
  document.addEventListener("scroll", () => light(find(".is-tied") && settled()), { capture: true, passive: true });
  light(settled());
};

/* Colours, copying, printing */

const startTools = () => {
  document.addEventListener("click", async (event) => {
    const theme = event.target.closest("[data-theme-to]");
    if (theme && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      document.documentElement.dataset.theme = theme.dataset.themeTo;
      find(theme.dataset.themeTo === "dark" ? ".to-light" : ".to-dark").focus();
      fetch(theme.href, { redirect: "manual" }).catch(() => {});
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(`${copy.dataset.copy} ${location.origin}${location.pathname}`);
      find("span", copy).textContent = copy.dataset.done;
    }
    if (event.target.closest("[data-print]")) window.print();
  });
  findAll("[data-print]").forEach((button) => (button.hidden = false));
  if (navigator.clipboard) findAll("[data-copy]").forEach((button) => (button.hidden = false));
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = findAll("details:not([open])");
    closed.forEach((each) => (each.open = true));
  });
  addEventListener("afterprint", () => closed.forEach((each) => (each.open = false)));
};

/* Reviews: a file goes up with a bar, and the page of its review looks how far it is */

const POLL_EVERY = 2000;

const startUpload = (form) => {
  const wrong = find("#upload-wrong", form);
  const sending = find(".sending", form);
  const bar = find("progress", sending);
  const button = find(".primary", form);

  const show = (isSending) => {
    sending.hidden = !isSending;
    button.disabled = isSending;
  };
  const tell = (words) => {
    const told = document.createElement("p");
    told.className = "wrong";
    told.textContent = words;
    wrong.replaceChildren(told);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled) return;
    if (find("[type=file]", form).files[0]?.size > Number(form.dataset.largest)) {
      tell(form.dataset.tooLarge);
      return;
    }
    wrong.replaceChildren();
    bar.removeAttribute("value");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Requested-With", "clausebot");
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable || sent.loaded === sent.total) bar.removeAttribute("value");
      else [bar.max, bar.value] = [sent.total, sent.loaded];
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        location.assign(request.responseURL);
        return;
      }
      show(false);
      wrong.innerHTML = request.responseText;
    });
    request.addEventListener("error", () => {
      show(false);
      tell(form.dataset.offline);
    });
    request.send(new FormData(form));
    show(true);
  });
  addEventListener("pageshow", () => show(false));
};

const startPolling = (box) => {
  const told = find("#review-told");
  let tenths = find("[data-progress]", box)?.dataset.progress;

  const look = async () => {
    const html = await fetchPart(location.href);
    if (html === null) {
      find(".told", box).textContent = box.dataset.offline;
    } else if (!html.includes("data-progress")) {
      location.reload();
      return;
    } else {
      box.innerHTML = html;
      // Spoken once every tenth of the way.
      const now = find("[data-progress]", box).dataset.progress;
      if (now !== tenths) told.textContent = find(".told", box).textContent;
      tenths = now;
    }
    setTimeout(look, POLL_EVERY);
  };
  setTimeout(look, POLL_EVERY / 4);
};

const log = find("#log");
const box = find("#question");
if (log) startChat(log);
if (box) startBox(box);
findAll("[data-upload]").forEach(startUpload);
findAll("[data-poll]").forEach(startPolling);
if (find("[data-ties]")) startTies();
startTools();
