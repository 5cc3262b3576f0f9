"use strict";
// Playing one clip stops the others.
document.addEventListener("play", (event) => {
  for (const audio of document.querySelectorAll("audio")) {
    if (audio !== event.target) audio.pause();
  }
}, true);
// In a call with sound, each turn's time becomes a button that plays from there.
for (const call of document.querySelectorAll(".ct-call")) {
  const audio = call.querySelector("audio");
  if (!audio) continue;
  for (const at of call.querySelectorAll(".ct-at")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ct-at";
    button.textContent = at.textContent;
    button.setAttribute("aria-label", "Play from " + at.textContent);
    button.addEventListener("click", () => {
      audio.currentTime = Number(at.dataset.at);
      audio.play();
    });
    at.replaceWith(button);
  }
}
// All calls of the period: searched, filtered, opened.
const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(Math.round(seconds) % 60).padStart(2, "0");
const speakers = { c: ["ct-caller", "Caller"], a: ["ct-agent", "Agent"], u: ["ct-unknown", "Somebody"] };
const box = document.querySelector(".ct-calls");
if (box) {
  const calls = JSON.parse(box.querySelector("script").textContent);
  const dialog = document.querySelector(".ct-dialog");
  const byId = new Map(calls.map((call) => [call.id, call]));
  for (const call of calls) call.words = call.turns.map((turn) => turn[2]).join(" ").toLowerCase();
  box.hidden = false;

  // A quote with a call in the list opens it; its clip lights the lines that it plays.
  const openCall = (id, at, clip) => {
    const call = byId.get(id);
    dialog.replaceChildren();
    const close = element("button", "ct-close", "Close");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    const facts = [call.at, call.length, call.status, call.campaign, ...call.themes, call.outcome];
    dialog.append(close, element("p", "ct-call-head", facts.filter(Boolean).join(" · ")));
    let audio = null;
    if (clip) {
      audio = clip.cloneNode();
      dialog.append(audio, element("p", "ct-why", "The clip of this quote. Space plays, ← → jump five seconds, ↑ ↓ change the speed."));
    }
    const list = element("ol");
    call.turns.forEach(([second, who, words], place) => {
      const [className, name] = speakers[who];
      const line = element("li", className);
      const next = call.turns[place + 1];
      const spoken = at !== null && second !== null && second <= at + 0.3 && (!next || next[0] === null || next[0] > at + 0.3);
      if (spoken) line.classList.add("ct-spoken");
      line.append(element("span", "ct-at", second === null ? "" : clock(second)), element("b", "", name), element("span", "", words));
      list.append(line);
    });
    const page = element("div", "ct-call");
    page.append(call.turns.length ? list : element("p", "ct-missing", "Nothing of this call was transcribed."));
    dialog.append(page);
    dialog.showModal();
    dialog.focus(); // not its button, which the space bar would press
    const lit = dialog.querySelector(".ct-spoken");
    if (lit) lit.scrollIntoView({ block: "center" });
    if (!audio) return;
    audio.addEventListener("timeupdate", () => {
      const now = at + audio.currentTime;
      [...list.children].forEach((line, place) => {
        const start = call.turns[place][0];
        const next = call.turns[place + 1];
        line.classList.toggle("ct-spoken", start <= now && (!next || next[0] > now));
      });
    });
    dialog.onkeydown = (event) => {
      const steps = { ArrowLeft: -5, ArrowRight: 5 };
      const speeds = { ArrowUp: 0.25, ArrowDown: -0.25 };
      if (event.target !== audio && event.key === " " && event.target.tagName !== "BUTTON") {
        event.preventDefault();
        if (audio.paused) audio.play(); else audio.pause();
      } else if (event.key in steps) {
        audio.currentTime = Math.max(0, audio.currentTime + steps[event.key]);
      } else if (event.key in speeds) {
        event.preventDefault();
        audio.playbackRate = Math.min(2, Math.max(0.5, audio.playbackRate + speeds[event.key]));
      }
    };
  };
  for (const quote of document.querySelectorAll(".ct-quote[data-call]")) {
    if (!byId.has(quote.dataset.call)) continue;
    const button = element("button", "ct-open", "Open call");
    button.type = "button";
    const at = quote.dataset.at === undefined ? null : Number(quote.dataset.at);
    button.addEventListener("click", () => openCall(quote.dataset.call, at, quote.querySelector("audio")));
    quote.append(button);
  }

  const search = box.querySelector("input[type=search]");
  const wordsOnly = box.querySelector("input[type=checkbox]");
  const selects = [...box.querySelectorAll("select")];
  const found = box.querySelector(".ct-found");
  const more = box.querySelector(".ct-more");
  for (const select of selects) {
    const values = new Set(calls.flatMap((call) => call[select.dataset.by]).filter(Boolean));
    for (const value of [...values].sort()) select.append(element("option", "", value));
  }
  let fitting = [];
  let shown = 0;
  const draw = () => {
    const asked = search.value.trim().toLowerCase();
    for (const call of fitting.slice(shown, shown + 20)) {
      const item = element("li");
      const open = element("button", "ct-open", call.at);
      open.type = "button";
      const hit = asked ? call.turns.find((turn) => turn[2].toLowerCase().includes(asked)) : null;
      open.addEventListener("click", () => openCall(call.id, hit ? hit[0] : null, null));
      const facts = [call.length, call.status, call.campaign, ...call.themes, call.outcome];
      item.append(open, element("span", "", facts.filter(Boolean).join(" · ")));
      if (hit) item.append(element("q", "", hit[2]));
      found.append(item);
    }
    shown = Math.min(shown + 20, fitting.length);
    more.hidden = shown >= fitting.length;
  };
  const refresh = () => {
    const asked = search.value.trim().toLowerCase();
    fitting = calls.filter((call) =>
      (!asked || call.words.includes(asked)) &&
      (!wordsOnly.checked || call.turns.length > 0) &&
      selects.every((select) => !select.value || [call[select.dataset.by]].flat().includes(select.value)));
    box.querySelector(".ct-count").textContent = fitting.length.toLocaleString("en") + (fitting.length === 1 ? " call" : " calls");
    found.replaceChildren();
    shown = 0;
    draw();
  };
  more.addEventListener("click", draw);
  search.addEventListener("input", refresh);
  wordsOnly.addEventListener("change", refresh);
  for (const select of selects) select.addEventListener("change", refresh);
  refresh();
}
