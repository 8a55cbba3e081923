// The upload's progress; without script the form goes as it stands.
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bar = form.querySelector("progress");
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (told) => (bar.value = told.lengthComputable ? told.loaded / told.total : 0));
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      document.getElementById("report")?.focus();
    });
    request.addEventListener("error", () => ((button.disabled = false), (bar.hidden = true)));
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
