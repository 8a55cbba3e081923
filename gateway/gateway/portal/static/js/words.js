// What scripts say, in the page's language: a page that is not Chinese brings the words along, else they are as written.

const told = document.getElementById("words-of-scripts");
const known = told ? JSON.parse(told.textContent) : {};

export const LOCALE = document.documentElement.lang;

// words("已保存 %(time)s", { time })
export function words(text, values = {}) {
  return (known[text] ?? text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}
