// Playing one clip stops the others.
document.addEventListener("play", (event) => {
  for (const audio of document.querySelectorAll("audio")) {
    if (audio !== event.target) audio.pause();
  }
}, true);
for (const player of document.querySelectorAll(".ct-player")) showPlayed(player);
// In a call with sound, each turn's time becomes a button that plays from there, and keys play it.
for (const call of document.querySelectorAll(".ct-call")) {
  const audio = call.querySelector("audio");
  if (!audio) continue;
  audio.parentElement.after(speedButton(audio), element("p", "ct-why ct-hint", KEYS));
  call.addEventListener("keydown", (event) => playByKeys(event, audio));
  for (const at of call.querySelectorAll(".ct-at")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ct-at";
    button.textContent = at.textContent;
    button.setAttribute("aria-label", "Play from " + at.textContent);
    button.addEventListener("click", () => {
      audio.currentTime = Number(at.dataset.at);
      audio.play();
      audio.focus(); // not the button, which the space bar would press again
    });
    at.replaceWith(button);
  }
}
// All calls of the period; a quote with its call among them opens it, and plays its clip.
const box = document.querySelector(".ct-calls");
if (box) {
  const dialog = document.querySelector(".ct-dialog");
  const calls = listCalls(box, (call, at) => new OpenCall(dialog, call, at));
  for (const quote of document.querySelectorAll(".ct-quote[data-call]")) {
    const call = calls.get(quote.dataset.call);
    if (!call) continue;
    const button = element("button", "ct-open", "Open call");
    button.type = "button";
    button.addEventListener("click", () => {
      const at = quote.dataset.at === undefined ? null : Number(quote.dataset.at);
      const clip = quote.querySelector(".ct-player");
      const opened = new OpenCall(dialog, call, at);
      if (clip) opened.hear(clip.cloneNode(true), at, "The clip of this quote. " + KEYS, false);
    });
    quote.append(button);
  }
}
