// In the CMS: says how far a file has come that is being uploaded, at every door.
function tellUploadSteps({ address, sending }) {
  const ASK_MS = 700;
  const FIELD = "upload_steps";

  function drawnKey() {
    const octets = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(octets, (each) => each.toString(16).padStart(2, "0")).join("");
  }

  function keyOf(form) {
    let field = form.querySelector(`input[name="${FIELD}"]`);
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = FIELD;
      form.append(field);
    }
    field.value = drawnKey();
    return field.value;
  }

  function statusOf(form) {
    let status = form.querySelector(".upload-steps");
    if (!status) {
      status = document.createElement("p");
      status.className = "upload-steps";
      status.setAttribute("role", "status");
      status.append(document.createElement("progress"), document.createElement("span"));
      form.append(status);
    }
    status.hidden = false;
    return status;
  }

  function show(status, { text, done, of }) {
    const bar = status.querySelector("progress");
    if (of) {
      bar.max = of;
      bar.value = done;
    } else {
      bar.removeAttribute("value");
    }
    const words = status.querySelector("span");
    if (words.textContent !== text) words.textContent = text;
  }

  function follow(form, isDone = () => !form.isConnected) {
    const key = keyOf(form);
    const status = statusOf(form);
    show(status, { text: sending, of: 0 });

    async function ask() {
      if (form.querySelector(`input[name="${FIELD}"]`).value !== key) return; // the next file
      if (isDone()) {
        status.hidden = true;
        return;
      }
      try {
        const answer = await fetch(address.replace("KEY", key), {
          headers: { "x-requested-with": "XMLHttpRequest" },
        });
        const step = answer.ok && !answer.redirected ? await answer.json() : { text: "" };
        if (step.text) show(status, step);
      } catch {
        // The next question may reach it.
      }
      setTimeout(ask, ASK_MS);
    }
    setTimeout(ask, ASK_MS);
  }

  document.addEventListener(
    "submit",
    ({ target }) => {
      const files = target.querySelectorAll?.('input[type="file"]') ?? [];
      if ([...files].some((each) => each.files.length)) follow(target);
    },
    true,
  );
  // The page of many files sends each by itself, and its form stays.
  const isNoneSent = () => !document.querySelector("#upload-list .upload-uploading");
  for (const kind of ["images", "documents"]) {
    document.addEventListener(`wagtail:${kind}-upload`, ({ target }) => {
      const form = target.closest("form");
      if (form) follow(form, isNoneSent);
    });
  }
}

tellUploadSteps(document.currentScript.dataset);
