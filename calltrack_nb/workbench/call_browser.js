// The calls of a workspace in JupyterLab; calls.js, which stands before this, does the rest.
export default {
  render({ model, el }) {
    // JupyterLab's own keys, such as the space bar, must not reach the notebook from here
    el.classList.add("ct-widget");
    el.setAttribute("data-lm-suppress-shortcuts", "true");
    let opened = null;
    const open = (call, at) => {
      opened = new OpenCall(el.querySelector(".ct-dialog"), call, at);
      if (!call.sound) return;
      opened.note.textContent = "The sound is on its way.";
      model.send({ kind: "sound", call_id: call.id });
    };
    const told = (said) => {
      if (said.kind === "calls" && !el.firstChild) {
        el.innerHTML = said.html; // made by the kernel
        const box = el.querySelector(".ct-calls"); // none where there is no call
        if (box) listCalls(box, open);
      } else if (said.kind === "sound" && opened && opened.call.id === said.call_id && !opened.audio) {
        const made = element("div");
        made.innerHTML = said.html;
        const player = made.querySelector(".ct-player");
        if (player) opened.hear(player, 0, KEYS, true);
        else opened.note.replaceWith(...made.childNodes);
      }
    };
    model.on("msg:custom", told);
    model.send({ kind: "calls" });
    return () => model.off("msg:custom", told);
  },
};
