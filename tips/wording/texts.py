"""The texts that meet a tipster. They come with the release: nobody else writes a word of them.

They are plain text; a blank line begins a new paragraph.
"""

from django.conf import settings

BUILT_IN: dict[str, dict[str, str]] = {
    "sv": {
        "start_heading": "Innan du tipsar",
        "start_lead": (
            "Har du sett eller hört något som kan röra Sveriges säkerhet? Berätta för oss. "
            "Du behöver inte vara säker på vad det betyder, och du behöver inte säga vem du är."
        ),
        "urgent": "Ring 112 om någon är i fara eller om ett brott pågår. Det går före ett tips.",
        "police": "Ring polisen på 114 14 om andra brott, när det inte är akut.",
        "telephone": (
            f"Ring {settings.PHONE} om du hellre pratar med oss än skriver, eller om det du vet inte "
            "kan vänta. Säg till växeln att du vill lämna ett tips."
        ),
        "device_and_network": (
            "Leta inte efter mer på egen hand, och följ inte efter någon.\n\n"
            "Skriv från en mobil eller dator som är din egen och som ingen annan kommer åt. "
            "Undvik utrustning och nätverk på jobbet eller i skolan, och enheter som du lånar. "
            "Den som sköter dem kan se vilka webbplatser du besöker.\n\n"
            "Ett privat fönster i webbläsaren sparar ingen historik i din enhet, men nätverket "
            "ser ändå besöket. Tor Browser är gjord för att dölja det även där."
        ),
        "anonymity": (
            "Du behöver inte lämna namn eller kontaktuppgifter. Vi bedömer alla tips.\n\n"
            "Formuläret använder inga kakor, och vi sparar inte din ip-adress tillsammans med "
            "tipset. Vi kan ändå inte lova att du förblir anonym. Det du berättar kan visa vem du "
            "är, och om någons liv är i fara kan vi behöva ta reda på vem som har tipsat.\n\n"
            "Den som lämnar uppgifter till en tidning eller en annan redaktion kan ha "
            "meddelarskydd. Det gäller inte den som tipsar oss."
        ),
        "official_document": (
            "Ditt tips blir en allmän handling hos oss. Uppgifterna i det omfattas oftast av "
            "sekretess. Om någon ber att få läsa tipset prövar vi först om sekretess hindrar det."
        ),
        "classified": (
            "Skicka inte säkerhetsskyddsklassificerade uppgifter eller handlingar i formuläret, "
            f"varken som text eller som fil. Ring {settings.PHONE} och säg att du behöver lämna något, "
            "utan att berätta vad det är. Då får du veta hur du gör."
        ),
        "afterwards": (
            "När tipset har kommit fram får du se ett referensnummer. Det säger ingenting om vad "
            "du har skrivit.\n\n"
            "Tipset förseglas (krypteras) i din webbläsare innan det skickas. Utan JavaScript "
            "förseglas det först när det har kommit fram. Medarbetare som tar hand om tips öppnar "
            "det, läser det, lägger det intill det vi redan vet och bedömer vad som behöver göras."
            "\n\n"
            "Vi hör sällan av oss, och vi kan inte berätta vad ett tips har lett till."
        ),
        "start_button": "Till formuläret",
        "form_heading": "Berätta vad du vet",
        "form_lead": (
            "Bara den första rutan måste fyllas i. Hoppa över det du inte vet eller inte vill "
            "svara på. Är du osäker på något, skriv det."
        ),
        "what_hint": (
            "Vad har du sett eller hört, och vad fick dig att reagera? Skriv med egna ord. "
            "Även något litet kan vara viktigt för oss."
        ),
        "contact_hint": (
            "Till exempel ett telefonnummer eller en e-postadress som bara du läser, och när det "
            "passar. Lämna rutan tom om du inte vill att vi hör av oss."
        ),
        "files_hint": (
            "Bilder, filmer och dokument kan innehålla plats, tid och telefonmodell, även när det "
            "inte syns. Vi tar inte bort det, för det kan vara till hjälp."
        ),
        "received_heading": "Tack för ditt tips",
        "received_text": (
            "Tipset har kommit fram. Skriv ner referensnumret på papper om du vill kunna hänvisa "
            "till tipset. Det visas bara nu, och det säger ingenting om vad du har skrivit.\n\n"
            "Kommer du på något mer? Lämna ett nytt tips med numret i texten, eller ring "
            f"{settings.PHONE} och uppge numret.\n\n"
            "Nu läser vi tipset och bedömer vad som behöver göras. Vi hör sällan av oss, och vi "
            "kan inte berätta vad ett tips har lett till."
        ),
        "closed_text": (
            "Vi kan inte ta emot tips i formuläret just nu. Fick du inget nummer när du "
            "skickade har det inte kommit fram. Försök igen om en stund, eller ring."
        ),
        "limited_text": (
            "Formuläret har använts ovanligt många gånger på kort tid, kanske av andra i samma "
            "nätverk. Ditt tips är inte skickat. Vänta tio minuter och försök igen, eller ring."
        ),
    },
    "en": {
        "start_heading": "Before you leave a tip",
        "start_lead": (
            "Have you seen or heard something that may concern Sweden’s security? Tell us. "
            "You do not have to be sure what it means, and you do not have to say who you are."
        ),
        "urgent": (
            "Call 112 if someone is in danger or a crime is being committed. That comes first."
        ),
        "police": "Call the Swedish Police on 114 14 about other crime that is not urgent.",
        "telephone": (
            f"Call {settings.PHONE_FROM_ABROAD} if you would rather talk to us than write, or if what you know "
            "cannot wait. Tell the switchboard that you want to leave a tip."
        ),
        "device_and_network": (
            "Do not look for more on your own, and do not follow anyone.\n\n"
            "Write from a phone or computer that is yours and that nobody else uses. Avoid "
            "equipment and networks at work or at school, and devices that you borrow. Those who "
            "run them can see which websites you visit.\n\n"
            "A private window in your browser keeps no history on your device, but the network "
            "still sees the visit. Tor Browser is made to hide it there as well."
        ),
        "anonymity": (
            "You do not have to give your name or say how to reach you. We assess every tip.\n\n"
            "The form uses no cookies, and we do not keep your IP address with the tip. Even so, "
            "we cannot promise that you will remain anonymous. What you tell us may show who you "
            "are, and if a life is in danger we may need to find out who sent the tip.\n\n"
            "People who give information to the media may be protected as sources under Swedish "
            "law. That protection does not apply to tips to us."
        ),
        "official_document": (
            "Your tip becomes an official document (allmän handling) held by us. What it says is "
            "usually secret by law. If someone asks to read it, we first examine whether secrecy "
            "prevents that."
        ),
        "classified": (
            "Do not send security-classified information or documents through the form, neither "
            f"as text nor as files. Call {settings.PHONE_FROM_ABROAD} and say that you have something to hand "
            "over, without saying what it is. You will then hear how to do it."
        ),
        "afterwards": (
            "When the tip has arrived you see a reference number. It says nothing about what you "
            "have written.\n\n"
            "The tip is sealed (encrypted) in your browser before it is sent. Without JavaScript "
            "it is not sealed until it has reached us. Staff who take care of tips open it, read it, "
            "compare it with what we already know and judge what needs to be done.\n\n"
            "We seldom get in touch, and we cannot tell you what a tip has led to."
        ),
        "start_button": "Go to the form",
        "form_heading": "Tell us what you know",
        "form_lead": (
            "Only the first box has to be filled in. Leave out what you do not know or do not "
            "want to answer. If you are unsure of something, say so."
        ),
        "what_hint": (
            "What have you seen or heard, and what made you react? Use your own words. "
            "Even a small detail may be what we need."
        ),
        "contact_hint": (
            "For example a telephone number or an e-mail address that only you read, and when it "
            "suits you. Leave the box empty if you do not want us to get in touch."
        ),
        "files_hint": (
            "Pictures, films and documents may hold the place, the time and the model of the "
            "phone, even when it cannot be seen. We do not remove it, because it may help."
        ),
        "received_heading": "Thank you for your tip",
        "received_text": (
            "Your tip has arrived. Write the reference number down on paper if you want to be "
            "able to refer to the tip. It is shown only now, and it says nothing about what you "
            "have written.\n\n"
            "Do you think of something more? Leave a new tip with the number in the text, or call "
            f"{settings.PHONE_FROM_ABROAD} and quote it.\n\n"
            "We now read the tip and judge what needs to be done. We seldom get in touch, and we "
            "cannot tell you what a tip has led to."
        ),
        "closed_text": (
            "We cannot receive tips through the form right now. If you got no number when you "
            "sent a tip, it has not arrived. Try again in a while, or call."
        ),
        "limited_text": (
            "The form has been used unusually often in a short time, perhaps by others on the "
            "same network. Your tip has not been sent. Wait ten minutes and try again, or call."
        ),
    },
}
FALLBACK = "sv"


def built_in(language: str) -> dict[str, str]:
    """All texts of the pages, as they come with the release."""
    return dict(BUILT_IN.get(language, BUILT_IN[FALLBACK]))
