// Draws cards by Microsoft's renderer, and tells what of them does not fit: run in a page that has loaded it.
"use strict";

// What Teams sets, as far as it counts for what fits; the rest is the renderer's own.
const LIKE_TEAMS = {
  fontFamily: "'Segoe UI', sans-serif",
  supportsInteractivity: true,
  actions: { actionsOrientation: "horizontal", actionAlignment: "left", buttonSpacing: 8, maxActions: 6 },
};

// The renderer itself draws no markdown: words in bold come without stars, which is the same width.
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  const words = document.createElement("span");
  words.textContent = text.replace(/\*\*|\\(?=[^\w\s])/g, "");
  result.outputHtml = words.innerHTML;
  result.didProcess = true;
};

window.drawCard = (source, width) => {
  const frame = document.createElement("div");
  frame.style.width = `${width}px`;
  const context = new AdaptiveCards.SerializationContext();
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(LIKE_TEAMS);
  AdaptiveCards.CardElement.langProperty.regEx.lastIndex = 0; // else it refuses every second language
  card.parse(source, context);
  const faults = [];
  for (let number = 0; number < context.eventCount; number++) faults.push(context.getEventAt(number).message);
  faults.push(...card.validateProperties().validationEvents.map((event) => event.message));
  document.body.replaceChildren(frame);
  frame.append(card.render());
  return faults;
};

window.findOverflow = () => {
  const frame = document.body.firstElementChild;
  const edges = frame.getBoundingClientRect();
  const faults = [];
  const tell = (element, fault) => faults.push(`${fault}: ${element.className} “${element.textContent.slice(0, 60)}”`);
  for (const element of [frame, ...frame.querySelectorAll("*")]) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.tagName === "OPTION") continue;
    if (box.left < edges.left - 0.5 || box.right > edges.right + 0.5) tell(element, "sticks out");
    const style = getComputedStyle(element);
    if (style.display === "inline" || element.tagName === "SELECT") continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth) tell(element, "is wider than its room");
    if (element.scrollHeight > element.clientHeight + 1 && style.overflowY !== "visible") tell(element, "is cut below");
  }
  return faults;
};
