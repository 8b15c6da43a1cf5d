/* Elements that do not fit the width there is. What is out of sight on purpose, or shortened with an ellipsis, fits. */
() => {
  const width = document.documentElement.clientWidth;
  const name = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}#${element.id}`;
  const style = (element) => getComputedStyle(element);
  const hasText = (element) => [...element.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
  const faults = [];
  function* ancestors(element) {
    for (let each = element; each; each = each.parentElement) yield each;
  }
  if (document.documentElement.scrollWidth > width) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg, .skip, option") || !element.checkVisibility()) continue;
    if ([...ancestors(element)].some((each) => style(each).clipPath !== "none")) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > width + 1)) {
      faults.push(`${name(element)} reaches from ${box.left} to ${box.right}`);
    }
    if (hasText(element) && box.width < 40 && box.height > 3 * box.width && element.textContent.trim().length > 3) {
      faults.push(`${name(element)} stands letter below letter`);
    }
    const own = style(element);
    const isCut = own.display !== "inline" && element.scrollWidth > element.clientWidth + 1;
    if (isCut && own.textOverflow !== "ellipsis" && (hasText(element) || own.overflowX !== "visible")) {
      faults.push(`${name(element)} is ${element.clientWidth} wide, and what it holds ${element.scrollWidth}`);
    }
  }
  return faults;
}
