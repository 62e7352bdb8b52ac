// Forms of the desk's pages that ask again who is there, before they are sent.
import { askAgain } from "./ask_again.js";
import { Server } from "./server.js";

for (const form of document.querySelectorAll("form[data-asks-again]")) {
  const server = new Server(form.dataset.asksAgain, askAgain);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await mayGoOn(server)) form.submit();
  });
}

async function mayGoOn(server) {
  try {
    const { proven } = await server.get("api/fraga-igen/");
    return proven === true || (await askAgain(server));
  } catch {
    return true; // the page that answers the form says what is wrong
  }
}
