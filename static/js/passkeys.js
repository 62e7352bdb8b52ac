// Asks the browser for a passkey, and sends its answer with the form around the button.
const CEREMONIES = {
  show: (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    }),
  add: (options) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    }),
};

async function question(button, token) {
  const response = await fetch(button.dataset.question, {
    method: "POST",
    headers: { "X-CSRFToken": token },
  });
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  return response.json();
}

function connect(button) {
  const { form } = button;
  const fault = form.querySelector("[data-passkey-fault]");
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    fault.textContent = "";
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
      fault.textContent = button.dataset.unsupported;
      return;
    }
    button.disabled = true;
    try {
      const options = await question(button, form.elements.csrfmiddlewaretoken.value);
      const credential = await CEREMONIES[button.dataset.passkey](options);
      form.elements[button.dataset.field].value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      const isKnown = error.name === "InvalidStateError" && button.dataset.known;
      fault.textContent = isKnown ? button.dataset.known : button.dataset.failed;
      button.disabled = false;
    }
  });
}

for (const button of document.querySelectorAll("[data-passkey]")) connect(button);
