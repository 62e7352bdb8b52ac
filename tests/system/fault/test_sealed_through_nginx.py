"""A tip that is sealed in a browser, all the way: the page from nginx, the intake as in production."""

import sqlite3

from playwright.sync_api import expect

from tests.nginx import configured, lay_tip_form, nginx

from .behind_nginx import PUBLIC, browser_that_finds, real_intake


def test_a_tip_is_sealed_by_the_page_of_nginx_and_taken_in_by_the_intake(browser_type):
    # Here the name has a port, which the browser says where the form comes from.
    def changed(_source: str, text: str) -> str:
        return text.replace("Host $host", "Host $http_host")

    with configured(changed=changed) as server:
        with real_intake(server), nginx(server):
            lay_tip_form(server.var)
            with browser_that_finds(browser_type, PUBLIC) as browser:
                page = browser.new_page()
                refused: list[str] = []
                page.on("console", lambda message: refused.append(message.text))
                page.goto(f"https://{PUBLIC}:{server.port}/tipsa/")
                page.get_by_role("link", name="Till formuläret").first.click()
                page.get_by_label("Vad vill du berätta?").fill("En grå kombi.")
                page.get_by_label("Filer").set_input_files(
                    {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"x" * 300_000}
                )
                page.get_by_role("button", name="Skicka tipset").click()
                expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
                assert [text for text in refused if "olicy" in text] == []
        with sqlite3.connect(server.var / "tips.sqlite3") as database:
            assert database.execute("SELECT count(*) FROM tips_tip").fetchone() == (1,)
