"""The address that a page gets when nobody has written one."""

import pytest

from pages.content.models import SectionPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pressed", [{}, {"forward": "send"}], ids=["saved", "sent"])
def test_a_page_without_an_address_gets_that_of_its_title(client, editor, home, pressed):
    client.force_login(editor)
    form = {
        "title": "Så skyddar vi valet", "slug": "", "lead": "Kort.", "body-count": "0",
        "aside-count": "0", "image-count": "0", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0", **pressed,
    }  # fmt: skip
    answer = client.post(f"/admin/pages/add/content/sectionpage/{home.pk}/", form)
    assert answer.status_code == 302
    assert SectionPage.objects.get().slug == "sa-skyddar-vi-valet"
