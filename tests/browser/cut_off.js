// What ends outside the window and is not in something that scrolls by itself: each named by its tag, class and text.
() => {
  const beside = ".map, .visually-hidden, .skip, dialog";
  const control = "input:not([type=hidden]), select, textarea, button, img";

  function scrolls(node) {
    for (let each = node; each && each !== document.body; each = each.parentElement) {
      if (each.matches(beside) || ["auto", "scroll"].includes(getComputedStyle(each).overflowX)) return true;
    }
    return false;
  }

  function sticksOut(node) {
    const box = node.getBoundingClientRect();
    return box.width > 0 && (box.right > document.documentElement.clientWidth + 1 || box.left < -1) && !scrolls(node);
  }

  const says = (node) => [...node.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.textContent.trim());
  return [...document.body.querySelectorAll("*")]
    .filter((node) => node.checkVisibility() && (says(node) || node.matches(control)) && sticksOut(node))
    .map((node) => `${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 40)}`);
}
