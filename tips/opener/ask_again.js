// Asks again who is there, before what cannot be undone; then the act goes on.
import { button, h } from "./page_parts/dom.js";
import { acting, passwordEntry, sheet, whose } from "./page_parts/sheet.js";
import { AGAIN } from "./login_words.js";
import { showPasskey, whyNoPasskeys } from "./passkeys.js";

let asking = null;

/** Whether the person has shown who they are; of several who ask at once, one dialog. */
export function askAgain(server) {
  asking ??= ask(server).finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(server) {
  const hasPasskey = !whyNoPasskeys() && (await ways(server)).includes("webauthn");
  return new Promise((resolve) => {
    let isShown = false;
    const dialog = h("dialog", { class: "desk-dialog", "aria-labelledby": "visa-igen" });
    const done = async (answer) => {
      await server.post("api/fraga-igen/", answer);
      isShown = true;
      dialog.close();
    };
    const password = passwordEntry("password", AGAIN.password, AGAIN.noPassword, {
      autocomplete: "current-password",
    });
    const form = sheet(
      [password],
      AGAIN.submit,
      ({ password: text }) => done({ way: "password", password: text }),
      { beside: button(AGAIN.cancel, () => dialog.close()) },
    );
    form.prepend(whose());
    dialog.append(
      h("h2", { id: "visa-igen" }, AGAIN.heading),
      h("p", {}, AGAIN.text),
      ...(hasPasskey
        ? [
            acting(
              AGAIN.passkey,
              async () => {
                const { webauthn } = await server.get("api/fraga-igen/");
                await done({ way: "webauthn", answer: await showPasskey(webauthn) });
              },
              { class: "button" },
            ),
            h("p", { class: "desk-quiet" }, AGAIN.or),
          ]
        : []),
      form,
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(isShown);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function ways(server) {
  try {
    const answer = await server.get("api/fraga-igen/");
    return answer.ways ?? [];
  } catch {
    return []; // the password is enough
  }
}
