// The review widget: one call, what is said of it, and keys for everything.

const SPEAKERS = { caller: "Caller", agent: "Agent" };
const KEYS =
  "↑ ↓ move, ← → from what is true to the words · Space changes what is true · e corrects a turn's words · p plays · " +
  "r all words are right now · Enter saves and goes on · u cannot tell";

const QUESTION = "Are these two calls about the same thing?";
const ANSWERS = { y: ["Yes (y)", true], n: ["No (n)", false], s: ["Skip (s)", null] };

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function clock(seconds) {
  if (seconds === null) return "";
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

class Page {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    root.className = "ctr";
    root.tabIndex = -1;
    // JupyterLab's own keys, such as e and d d, must not reach the notebook from here
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    root.addEventListener("keydown", (event) => this.pressed(event));
    this.draw(false);
  }

  draw(focus) {
    const { root, model } = this;
    const call = model.get("call");
    this.found = new Set(call.marks ?? []);
    this.words = {};
    this.read = false;
    root.replaceChildren(element("p", "ctr-status", model.get("status")));
    root.firstChild.setAttribute("role", "status");
    if (model.get("question").call_ids) return this.ask(model.get("question"), focus);
    if (!call.call_id) return;
    root.append(element("p", "ctr-head", call.head), this.sound(call));
    const columns = element("div", "ctr-columns");
    columns.append(this.choices(call), this.turns(call));
    this.note = element("p", "ctr-note");
    this.note.setAttribute("role", "status");
    root.append(columns, this.buttons(), element("p", "ctr-keys", KEYS), this.note);
    if (focus) this.items()[0]?.focus();
  }

  ask(question, focus) {
    const columns = element("div", "ctr-columns");
    for (const text of question.texts) {
      const said = element("blockquote", "ctr-turns", text);
      said.style.whiteSpace = "pre-line";
      columns.append(said);
    }
    const row = element("div", "ctr-buttons");
    for (const [key, [label, same]] of Object.entries(ANSWERS)) {
      const button = element("button", "ctr-answer", label);
      button.dataset.key = key;
      button.addEventListener("click", () => this.answer(same));
      row.append(button);
    }
    this.note = element("p", "ctr-note");
    this.note.setAttribute("role", "status");
    this.root.append(element("h4", "ctr-question", QUESTION), columns);
    this.root.append(element("p", "ctr-keys", question.stake), row, this.note);
    if (focus) this.root.focus(); // on no answer: an Enter too many must not give one
  }

  answer(same) {
    const pair = this.model.get("question").call_ids;
    this.model.send({ kind: "answer", call_ids: pair, same });
  }

  sound(call) {
    const held = element("div", "ctr-sound");
    held.innerHTML = call.player; // made by the kernel; empty where there is no sound
    this.audio = held.querySelector("audio");
    return held;
  }

  choices(call) {
    const list = element("div", "ctr-choices");
    let family = null;
    for (const choice of this.model.get("choices")) {
      if (choice.family !== family) {
        family = choice.family;
        list.append(element("h4", "", family));
      }
      const item = element("div", "ctr-item ctr-choice");
      item.tabIndex = 0;
      item.dataset.mark = choice.mark;
      item.dataset.family = choice.family;
      item.setAttribute("role", "checkbox");
      item.append(element("span", "ctr-label", choice.label));
      const quote = call.quotes[choice.mark];
      if (quote) item.append(element("q", "", quote));
      item.addEventListener("click", () => this.toggle(item));
      list.append(item);
    }
    this.list = list;
    this.showFound();
    return list;
  }

  turns(call) {
    const list = element("div", "ctr-turns");
    for (const turn of call.turns) {
      const item = element("div", "ctr-item ctr-turn");
      item.tabIndex = 0;
      item.dataset.turn = turn.turn;
      item.dataset.at = turn.start_s ?? "";
      item.append(
        element("span", "ctr-at", clock(turn.start_s)),
        element("b", "", SPEAKERS[turn.speaker] ?? "Somebody"),
        element("span", "ctr-text", turn.text),
      );
      item.addEventListener("dblclick", () => this.edit(item));
      list.append(item);
    }
    return list;
  }

  buttons() {
    const row = element("div", "ctr-buttons");
    const save = element("button", "", "Save and next");
    save.addEventListener("click", () => this.save(false));
    const unsure = element("button", "", "Cannot tell");
    unsure.addEventListener("click", () => this.save(true));
    row.append(save, unsure);
    return row;
  }

  items() {
    return [...this.root.querySelectorAll(".ctr-item")];
  }

  showFound() {
    for (const item of this.list.querySelectorAll(".ctr-choice")) {
      item.setAttribute("aria-checked", String(this.found.has(item.dataset.mark)));
    }
  }

  toggle(item) {
    const { mark, family } = item.dataset;
    if (this.found.delete(mark)) return this.showFound();
    if (this.model.get("single").includes(family)) {
      for (const other of [...this.found]) {
        if (other.startsWith(`${family}:`)) this.found.delete(other);
      }
    }
    this.found.add(mark);
    this.showFound();
  }

  edit(item) {
    const text = item.querySelector(".ctr-text");
    const field = element("textarea", "ctr-field");
    field.value = text.textContent;
    text.replaceWith(field);
    field.focus();
    const close = (keep) => {
      if (keep) {
        text.textContent = field.value;
        this.words[item.dataset.turn] = field.value;
      }
      field.replaceWith(text);
      item.focus();
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      close(event.key === "Enter");
    });
  }

  play(item) {
    if (!this.audio) return this.say("This call has no sound here.");
    if (item?.dataset.at) this.audio.currentTime = Number(item.dataset.at);
    else if (!this.audio.paused) return this.audio.pause();
    this.audio.play();
  }

  say(text) {
    this.note.textContent = text;
  }

  save(cannotTell) {
    this.model.send({
      kind: "save",
      call_id: this.model.get("call").call_id,
      found: [...this.found],
      words: this.words,
      words_read: this.read,
      cannot_tell: cannotTell,
    });
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.model.get("question").call_ids) {
      const chosen = ANSWERS[event.key];
      if (!chosen) return;
      event.preventDefault();
      event.stopPropagation();
      this.answer(chosen[1]);
      return;
    }
    if (!this.model.get("call").call_id) return;
    const item = event.target.closest(".ctr-item");
    if (event.target.closest("button, audio")) return;
    const doing = {
      ArrowDown: () => this.move(item, 1),
      ArrowUp: () => this.move(item, -1),
      ArrowLeft: () => this.root.querySelector(".ctr-choice")?.focus(),
      ArrowRight: () => this.root.querySelector(".ctr-turn")?.focus(),
      " ": () => item?.dataset.mark && this.toggle(item),
      e: () => item?.dataset.turn && this.edit(item),
      p: () => this.play(item?.dataset.turn ? item : null),
      r: () => {
        this.read = true;
        this.say("All words are right now.");
      },
      u: () => this.save(true),
      Enter: () => this.save(false),
    }[event.key];
    if (!doing) return;
    event.preventDefault();
    event.stopPropagation();
    doing();
  }

  move(item, step) {
    const all = this.items();
    const at = item ? all.indexOf(item) + step : 0;
    all[Math.min(Math.max(at, 0), all.length - 1)].focus();
  }
}

export default {
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const page = new Page(model, root);
    const anew = () => page.draw(root.contains(document.activeElement));
    const problem = () => page.note && page.say(model.get("problem"));
    model.on("change:call", anew);
    model.on("change:question", anew);
    model.on("change:problem", problem);
    return () => {
      model.off("change:call", anew);
      model.off("change:question", anew);
      model.off("change:problem", problem);
    };
  },
};
