// In Krisläge: keeps what is written, loses nothing when the connection breaks or the login has
// ended, and tells when somebody has answered. Without it, each button does the same by itself.
(() => {
  const KEEP_MS = 1200;
  const ASK_MS = 1500;
  const REST_MS = 5000;

  async function send(form, more = {}) {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(more)) body.append(name, value);
    return fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  }

  // Whoever has logged in again, in another tab, has another token.
  async function sendOnceMore(form, more) {
    const answer = await send(form, more);
    if (answer.status !== 403) return answer;
    const here = await fetch(location.href);
    if (here.redirected) return here;
    const page = new DOMParser().parseFromString(await here.text(), "text/html");
    const token = page.querySelector("[data-crisis-form] [name=csrfmiddlewaretoken]");
    if (token) form.querySelector("[name=csrfmiddlewaretoken]").value = token.value;
    return send(form, more);
  }

  function keepWhatIsWritten(form) {
    const offline = document.querySelector("[data-crisis-offline]");
    const loggedOut = document.querySelector("[data-crisis-login]");
    let timer = 0;

    // Says why it was not taken in; nothing once it is.
    function tell(why) {
      for (const box of [offline, loggedOut]) box.hidden = box !== why;
      why?.scrollIntoView({ block: "center" });
    }

    function leadsToLogin(answer) {
      return answer.redirected && new URL(answer.url).pathname === loggedOut.dataset.crisisLogin;
    }

    async function keep() {
      try {
        const answer = await sendOnceMore(form, { autosave: "1" });
        tell(answer.status === 204 ? null : leadsToLogin(answer) ? loggedOut : offline);
      } catch {
        tell(offline);
        timer = setTimeout(keep, REST_MS);
      }
    }

    // The last step sends: nothing of it is kept before.
    if (form.dataset.crisisForm !== "sends") {
      form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(keep, KEEP_MS);
      });
    }

    // The page is left only when the answer has come: an error page of the browser would take the
    // place of what was written.
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      const buttons = form.querySelectorAll("button");
      for (const button of buttons) button.disabled = true;
      try {
        const answer = await sendOnceMore(form);
        if (leadsToLogin(answer)) {
          tell(loggedOut);
        } else if (answer.redirected) {
          location.assign(answer.url);
          return;
        } else if (!showAnswer(await answer.text())) {
          tell(offline);
        }
      } catch {
        tell(offline);
      }
      for (const button of buttons) button.disabled = false;
    });
  }

  // The page again, with what is wrong in it; false if the answer is another page.
  function showAnswer(text) {
    const page = new DOMParser().parseFromString(text, "text/html").querySelector(".crisis");
    if (!page) return false;
    document.querySelector(".crisis").replaceWith(page);
    start();
    const wrong = page.querySelector(
      "[aria-invalid='true'], .crisis__error, [role='alert']:not([hidden])",
    );
    if (wrong && !wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
    wrong?.focus();
    return true;
  }

  function waitForAnswer({ dataset }) {
    setTimeout(async () => {
      const asked = fetch(dataset.crisisAsk, { headers: { Accept: "application/json" } });
      const said = await asked.then((answer) => answer.json()).catch(() => null);
      if (said && said.state !== dataset.crisisState) location.reload();
      else waitForAnswer({ dataset });
    }, ASK_MS);
  }

  function start() {
    for (const form of document.querySelectorAll("[data-crisis-form]")) {
      if (!form.hasAttribute("action")) form.setAttribute("action", location.pathname);
      keepWhatIsWritten(form);
    }
    const place = document.querySelector("[data-crisis-ask]");
    if (place) waitForAnswer(place);
  }

  start();
})();
