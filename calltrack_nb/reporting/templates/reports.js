// Shows the reports that hold every word that is typed, and the months that have one of them.
const box = document.querySelector("#search");
const runs = [...document.querySelectorAll(".ct-run")].map((run) => [run, run.textContent.toLowerCase()]);
box.hidden = false;
box.addEventListener("input", (typed) => {
  const words = typed.target.value.toLowerCase().split(/\s+/);
  for (const [run, text] of runs) run.hidden = !words.every((word) => text.includes(word));
  for (const month of document.querySelectorAll(".ct-month")) {
    month.hidden = !month.querySelector(".ct-run:not([hidden])");
  }
  document.querySelector("#found").textContent = runs.filter(([run]) => !run.hidden).length;
});
