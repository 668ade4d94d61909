// @ts-check
// Turns a deck that is laid out for print into a hand-out, which nobody can move: each explorer in three states.
async function showStates() { // eslint-disable-line no-unused-vars -- handouts.py calls it
  const rest = () => new Promise((done) => setTimeout(done, 400)); // what moves has arrived
  for (const explorer of document.querySelectorAll(".explorer")) {
    const control = explorer.querySelector(".control:has(.play)") ?? explorer.querySelector(".control");
    const inputs = /** @type {HTMLInputElement[]} */ ([...control.querySelectorAll("input")]);
    const last = inputs.length > 1 ? inputs.length - 1 : Number(inputs[0].max);
    const states = Object.assign(document.createElement("div"), { className: "states" });
    const [picture] = explorer.querySelectorAll(".picture");
    explorer.before(states);
    states.append(picture); // as narrow as a third of the page
    for (const stop of [0, Math.round(last / 2), last]) {
      if (inputs.length > 1) inputs[stop].click();
      else {
        inputs[0].value = String(stop);
        inputs[0].dispatchEvent(new Event("input"));
      }
      await rest();
      const still = /** @type {HTMLElement} */ (picture.cloneNode(true));
      still.querySelector(".said").textContent = still.querySelector("figcaption").textContent;
      still.querySelectorAll(".unseen, .grip").forEach((part) => part.remove());
      states.append(still);
    }
    picture.remove();
    explorer.remove();
  }
}
