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
