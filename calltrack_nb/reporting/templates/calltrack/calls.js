"use strict";
// Calls that are searched, filtered, opened and played along: for a report's page and the widget.
const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const clock = (seconds) => {
  const whole = Math.round(seconds);
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
};
const speakers = { c: ["ct-caller", "Caller"], a: ["ct-agent", "Agent"], u: ["ct-unknown", "Somebody"] };
const factsOf = (call) => [call.length, call.status, call.campaign, call.agent, ...call.themes, call.outcome].filter(Boolean);

// How loud a sound is, over its player: a click seeks, and it fills as it plays.
const showPlayed = (player) => {
  const audio = player.querySelector("audio");
  const shape = player.querySelector(".ct-peaks");
  if (!audio || !shape) return;
  const played = shape.querySelector(".ct-played");
  const bars = shape.viewBox.baseVal.width;
  audio.addEventListener("timeupdate", () => {
    played.setAttribute("width", audio.duration ? bars * audio.currentTime / audio.duration : 0);
  });
  shape.classList.add("ct-seeks");
  shape.addEventListener("click", (event) => {
    const box = shape.getBoundingClientRect();
    if (audio.duration) audio.currentTime = audio.duration * (event.clientX - box.left) / box.width;
  });
};
// A button for who has no keys: the next speed, which keys change as well.
const speedButton = (audio) => {
  const speeds = [1, 1.25, 1.5, 2, 0.75];
  const button = element("button", "ct-speed", "Speed 1");
  button.type = "button";
  button.addEventListener("click", () => {
    audio.playbackRate = speeds[(speeds.indexOf(audio.playbackRate) + 1) % speeds.length];
  });
  audio.addEventListener("ratechange", () => { button.textContent = "Speed " + audio.playbackRate; });
  return button;
};
// The space bar plays and pauses, arrows to the side jump, arrows up and down change the speed.
const playByKeys = (event, audio) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { ArrowLeft: -5, ArrowRight: 5 };
  const speeds = { ArrowUp: 0.25, ArrowDown: -0.25 };
  if (event.key === " " && event.target !== audio && event.target.tagName !== "BUTTON") {
    if (audio.paused) audio.play(); else audio.pause();
  } else if (event.key in steps) {
    audio.currentTime = Math.max(0, audio.currentTime + steps[event.key]);
  } else if (event.key in speeds) {
    audio.playbackRate = Math.min(2, Math.max(0.5, audio.playbackRate + speeds[event.key]));
  } else return;
  event.preventDefault();
};

// A call in a dialog, lit where it is spoken; once it has sound, keys play it.
class OpenCall {
  constructor(dialog, call, at) {
    this.dialog = dialog;
    this.call = call;
    this.at = at;
    const close = element("button", "ct-close", "Close");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    this.note = element("p", "ct-why");
    this.note.setAttribute("role", "status");
    this.list = element("ol");
    for (const [second, who, words] of call.turns) {
      const [className, name] = speakers[who];
      const line = element("li", className);
      line.append(element("span", "ct-at", second === null ? "" : clock(second)), element("b", "", name), element("span", "", words));
      this.list.append(line);
    }
    const page = element("div", "ct-call");
    page.append(call.turns.length ? this.list : element("p", "ct-missing", "Nothing of this call was transcribed."));
    dialog.replaceChildren(close, element("p", "ct-call-head", [call.at, ...factsOf(call)].join(" · ")), this.note, page);
    dialog.onkeydown = (event) => this.pressed(event);
    dialog.onclose = () => this.audio && this.audio.pause();
    dialog.showModal();
    dialog.focus(); // not its button, which the space bar would press
    if (at !== null) this.light(at + 0.3, "center");
  }

  // A player whose sound starts at a second of the call; of the whole call, a line's time plays from there.
  hear(player, start, said, whole) {
    const audio = player.querySelector("audio");
    this.audio = audio;
    this.start = start;
    this.note.textContent = said;
    this.note.before(player, speedButton(audio));
    showPlayed(player);
    audio.addEventListener("ratechange", () => { this.note.textContent = "Speed " + audio.playbackRate; });
    audio.addEventListener("timeupdate", () => this.light(start + audio.currentTime, "nearest"));
    if (!whole) return;
    if (this.at !== null) audio.currentTime = this.at;
    for (const [place, [second]] of this.call.turns.entries()) {
      if (second === null) continue;
      const button = element("button", "ct-at", clock(second));
      button.type = "button";
      button.setAttribute("aria-label", "Play from " + button.textContent);
      button.addEventListener("click", () => {
        audio.currentTime = second;
        audio.play();
        this.dialog.focus();
      });
      this.list.children[place].firstChild.replaceWith(button);
    }
  }

  light(now, where) {
    const { turns } = this.call;
    const timed = turns.map(([second]) => second);
    [...this.list.children].forEach((line, place) => {
      const next = timed[place + 1];
      const spoken = timed[place] !== null && timed[place] <= now && (next === undefined || next === null || next > now);
      if (spoken && !line.classList.contains("ct-spoken")) line.scrollIntoView({ block: where });
      line.classList.toggle("ct-spoken", spoken);
    });
  }

  pressed(event) {
    if (this.audio) playByKeys(event, this.audio);
  }
}
const KEYS = "Space plays, ← → jump five seconds, ↑ ↓ change the speed.";

// The list of calls in a box; `open` is told which call is asked for, and at which second.
const listCalls = (box, open) => {
  const calls = JSON.parse(box.querySelector("script").textContent);
  for (const call of calls) call.words = call.turns.map((turn) => turn[2]).join(" ").toLowerCase();
  const search = box.querySelector("input[type=search]");
  const fields = [...box.querySelectorAll("[data-by]")];
  const found = box.querySelector(".ct-found");
  const more = box.querySelector(".ct-more");
  for (const field of fields) {
    if (field.tagName !== "SELECT") continue;
    const values = new Set(calls.flatMap((call) => call[field.dataset.by]).filter(Boolean));
    for (const value of [...values].sort()) field.append(element("option", "", value));
    field.parentElement.hidden = values.size === 0;
  }
  const fits = {
    is: (value, wanted) => [value].flat().includes(wanted),
    from: (value, wanted) => value !== null && value >= wanted,
    to: (value, wanted) => value !== null && value <= wanted,
    has: (value) => Boolean(value) && value.length !== 0,
  };
  const asked = () => fields.flatMap((field) => {
    const wanted = field.type === "checkbox" ? field.checked : field.type === "number" && field.value ? Number(field.value) : field.value;
    return wanted === "" || wanted === false ? [] : [(call) => fits[field.dataset.how](call[field.dataset.by], wanted)];
  });
  let fitting = [];
  let shown = 0;
  const draw = () => {
    const typed = search.value.trim().toLowerCase();
    for (const call of fitting.slice(shown, shown + 20)) {
      const item = element("li");
      const button = element("button", "ct-open", call.at);
      button.type = "button";
      const hit = typed ? call.turns.find((turn) => turn[2].toLowerCase().includes(typed)) : null;
      button.addEventListener("click", () => open(call, hit ? hit[0] : null));
      item.append(button, element("span", "", factsOf(call).join(" · ")));
      if (hit) item.append(element("q", "", hit[2]));
      found.append(item);
    }
    shown = Math.min(shown + 20, fitting.length);
    more.hidden = shown >= fitting.length;
  };
  const refresh = () => {
    const typed = search.value.trim().toLowerCase();
    const wanted = asked();
    fitting = calls.filter((call) => (!typed || call.words.includes(typed)) && wanted.every((fit) => fit(call)));
    box.querySelector(".ct-count").textContent = fitting.length.toLocaleString("en") + (fitting.length === 1 ? " call" : " calls");
    found.replaceChildren();
    shown = 0;
    draw();
  };
  more.addEventListener("click", draw);
  for (const field of [search, ...fields]) field.addEventListener("input", refresh);
  box.previousElementSibling.remove(); // which says that no script ran
  box.hidden = false;
  refresh();
  return new Map(calls.map((call) => [call.id, call]));
};
