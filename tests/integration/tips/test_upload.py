"""Files of a tip: sealed while they come, bounded, and nothing of them kept when they may not stay."""

import errno
import hashlib
import os
from types import SimpleNamespace

import pytest

from tips.form import limits, time_limit
from tips.form.answers import NOT_KEPT
from tips.keeping import intake
from tips.keeping.arriving import Arriving
from tips.models import Tip
from tips.sealing import age, envelope

from .sending import (
    BOUNDARY,
    CONTENT_TYPE,
    FORM,
    PHOTO,
    TEXT,
    assert_nothing_is_kept,
    body_of,
    file_part,
    files_under,
    only_tip,
    page_of,
    part,
    ripe_token,
    send,
    send_parts,
    text_on,
)

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

MEGABYTE = 1024 * 1024


@pytest.fixture
def small_limits(monkeypatch):
    """The same limits, a hundred times smaller."""
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 250_000)
    monkeypatch.setattr(limits, "MAX_TOTAL_BYTES", 600_000)
    monkeypatch.setattr(limits, "MAX_BODY_BYTES", 600_000 + MEGABYTE)


def _fit(*files, text=TEXT):
    return [part("token", ripe_token()), part("text", text), *files]


def _only_tip(channel):
    """The tip that has come, as a handler reads it; it is taken away again."""
    tip = only_tip(channel)
    for tip_id in list(channel.vault.tips()):
        channel.vault.remove(tip_id)
    Tip.objects.all().delete()
    return tip


# What is kept


def test_files_come_out_as_they_were_sent(client, tip_channel):
    note = ("anteckning.txt", "text/plain", "Bilen står kvar.\r\n".encode())
    assert send(client, files=[PHOTO, note]).status_code == 200
    tip = only_tip(tip_channel)
    assert tip["files"] == {"foto.jpg": PHOTO[2], "anteckning.txt": note[2]}
    assert [file["type"] for file in tip["attachments"]] == ["image/jpeg", "text/plain"]
    assert tip["head"]["attachments"] == 2


def test_files_of_any_size_come_out_whole_and_their_sealed_size_says_little(
    client, tip_channel, subtests
):
    for size in [0, 1, 65_535, 65_536, 65_537, 1_000_000]:
        with subtests.test(size=size):
            content = os.urandom(size)
            assert send(client, files=[("fil", "application/x", content)]).status_code == 200

            tip = _only_tip(tip_channel)
            (file,) = tip["attachments"]
            assert (file["size"], tip["files"]["fil"]) == (size, content)
            padded = envelope.padded_size(size)
            assert file["sealed_size"] == 16 + padded + 16 * max(1, -(-padded // 65_536))


def test_the_manifest_binds_each_file_as_it_lies_on_the_disk(client, tip_channel):
    send(client, files=[PHOTO])
    (tip_id,) = tip_channel.vault.tips()
    (file,) = only_tip(tip_channel)["attachments"]
    with tip_channel.vault.open(tip_id, f"{file['id']}.age") as sealed:
        age.split_header(sealed)
        payload = sealed.read()
    assert file["sealed_size"] == len(payload)
    assert file["sha256"] == hashlib.sha256(payload).hexdigest()


def test_the_name_of_a_file_is_kept_without_the_folders_it_lay_in(client, tip_channel, subtests):
    for sent, kept in [
        ("C:\\Users\\Anna\\foto.jpg", "foto.jpg"), ("/home/anna/foto.jpg", "foto.jpg"),
        ("../../etc/passwd", "passwd"), ("..", ".."), ("Räksmörgås 🦐.png", "Räksmörgås 🦐.png"),
        ("a&amp;b.txt", "a&amp;b.txt"), ("C:\\", ""),
    ]:  # fmt: skip
        with subtests.test(sent=sent):
            assert send(client, files=[(sent, "text/plain", b"hej")]).status_code == 200
            assert _only_tip(tip_channel)["files"] == {kept: b"hej"}


def test_a_name_in_another_spelling_of_the_standard_is_read(client, tip_channel):
    head = b"Content-Disposition: form-data; name=\"files\"; filename*=UTF-8''bild%C3%A5.png"
    response = send_parts(client, _fit(head + b"\r\n\r\nhej"))
    assert response.status_code == 200
    assert only_tip(tip_channel)["files"] == {"bildå.png": b"hej"}


def test_an_empty_box_for_files_is_no_file(client, tip_channel):
    empty = b'Content-Disposition: form-data; name="files"; filename=""\r\n'
    empty += b"Content-Type: application/octet-stream\r\n\r\n"
    assert send_parts(client, _fit(empty)).status_code == 200
    assert only_tip(tip_channel)["attachments"] == []


def test_ten_files_are_taken(client, tip_channel):
    files = [(f"{n}.txt", "text/plain", b"%d" % n) for n in range(10)]
    assert send(client, files=files).status_code == 200
    assert len(only_tip(tip_channel)["files"]) == 10


def test_a_file_of_the_largest_size_is_taken(client, tip_channel):
    content = b"\x5a" * limits.MAX_FILE_BYTES
    assert send(client, files=[("film.mov", "video/quicktime", content)]).status_code == 200
    assert only_tip(tip_channel)["files"]["film.mov"] == content


def test_what_lies_on_the_disk_while_a_file_comes_is_sealed(client, tip_channel, monkeypatch):
    seen = []
    write = intake.Attaching.write

    def look(self, piece):
        write(self, piece)
        seen.extend(path.read_bytes() for path in files_under(tip_channel))

    monkeypatch.setattr(intake.Attaching, "write", look)
    assert send(client, files=[("x.txt", "text/plain", b"HEMLIGT " * 50_000)]).status_code == 200
    assert any(len(content) > 100_000 for content in seen)
    assert not any(b"HEMLIGT" in content for content in seen)


def test_the_request_s_own_readers_are_never_used(client, tip_channel, monkeypatch):
    """They would lay what is large in a temporary file."""
    from django.http import HttpRequest

    def refuse(*arguments):
        raise AssertionError("the request was read by Django")

    monkeypatch.setattr(HttpRequest, "_load_post_and_files", refuse)
    monkeypatch.setattr(HttpRequest, "body", property(refuse))
    assert send(client, files=[PHOTO]).status_code == 200
    assert send(client, {"text": ""}, files=[PHOTO]).status_code == 422


# What is too much


def test_a_file_over_the_limit_is_deleted_when_it_passes_it(
    client, tip_channel, small_limits, monkeypatch
):
    kept, discard = [], Arriving.discard

    def look(self):
        discard(self)
        kept.append(files_under(tip_channel))

    monkeypatch.setattr(Arriving, "discard", look)
    film = ("film.mov", "video/quicktime", b"x" * 500_000)
    response = send(client, {"where": "Frihamnen"}, [PHOTO, film, PHOTO])

    assert response.status_code == 413
    page = page_of(response)
    assert "Välj en mindre fil än ”film.mov”. Varje fil får vara högst 25 MB." in page
    assert "Filerna" in page or "filerna" in page
    assert text_on(response) == TEXT
    assert "Frihamnen" in page
    assert kept[0] == []
    assert_nothing_is_kept(tip_channel)


def test_a_file_of_one_octet_too_much_is_refused_at_the_real_limit(client, tip_channel):
    content = b"\x5a" * (limits.MAX_FILE_BYTES + 1)
    response = send(client, files=[("film.mov", "video/quicktime", content)])
    assert response.status_code == 413
    assert_nothing_is_kept(tip_channel)


def test_every_file_that_is_too_large_is_named(client, tip_channel, small_limits):
    files = [(f"{n}.mov", "video/quicktime", b"x" * 260_000) for n in range(2)]
    page = page_of(send(client, files=files))
    assert "”0.mov”" in page
    assert "”1.mov”" in page


def test_an_eleventh_file_brings_the_form_back(client, tip_channel):
    files = [(f"{n}.txt", "text/plain", b"hej") for n in range(11)]
    response = send(client, files=files)
    assert response.status_code == 413
    assert "Välj högst 10 filer." in page_of(response)
    assert text_on(response) == TEXT
    assert_nothing_is_kept(tip_channel)


def test_files_that_together_are_too_much_bring_the_form_back(client, tip_channel, small_limits):
    files = [(f"{n}.jpg", "image/jpeg", b"x" * 240_000) for n in range(3)]
    response = send(client, files=files)
    assert response.status_code == 413
    assert "Välj färre eller mindre filer, högst 60 MB tillsammans." in page_of(response)
    assert text_on(response) == TEXT
    assert_nothing_is_kept(tip_channel)


def test_more_than_can_be_taken_is_not_begun_with(client, tip_channel, small_limits, monkeypatch):
    monkeypatch.delattr(intake.Delivery, "attach")
    files = [(f"{n}.jpg", "image/jpeg", b"x" * 240_000) for n in range(8)]
    response = send(client, files=files)
    assert response.status_code == 413
    assert "högst 60 MB tillsammans" in page_of(response)
    assert text_on(response) == TEXT


class _Counting:
    """What is sent, counted as it is read."""

    def __init__(self, content):
        self.content, self.at = content, 0

    def read(self, size=-1):
        piece = self.content[self.at : self.at + size]
        self.at += len(piece)
        return piece

    readline = read  # as a server's has it


def test_what_is_beyond_all_reason_is_answered_without_being_read(client, tip_channel, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BODY_BYTES", 100_000)
    monkeypatch.setattr(limits, "MAX_DRAINED_BYTES", 200_000)
    body = body_of(_fit(file_part("film.mov", "video/quicktime", b"x" * 900_000)))
    source = _Counting(body)
    response = client.generic(
        "POST", FORM, body, content_type=CONTENT_TYPE, **{"wsgi.input": source}
    )
    assert response.status_code == 413
    assert text_on(response) == TEXT
    assert source.at < 150_000


def test_a_large_one_is_read_to_the_end_so_that_the_browser_shows_the_answer(
    client, tip_channel, small_limits
):
    body = body_of(_fit(*[file_part("film.mov", "video/quicktime", b"x" * 900_000)] * 3))
    source = _Counting(body)
    client.generic("POST", FORM, body, content_type=CONTENT_TYPE, **{"wsgi.input": source})
    assert source.at == len(body)


def test_fields_over_a_megabyte_come_back_as_far_as_there_was_room(client, tip_channel):
    text = "ord " * 400_000
    response = send(client, {"text": text})
    assert response.status_code == 413
    assert "Slutet fick inte plats" in page_of(response)
    assert text.startswith(text_on(response)[:-1])
    assert len(text_on(response)) > 1_000_000
    assert_nothing_is_kept(tip_channel)


def test_django_s_own_limits_do_not_matter(client, tip_channel, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    assert send(client, {"where": "Kajen"}, [PHOTO, PHOTO]).status_code == 200


def test_a_hundred_parts_are_the_most_that_is_read(client, tip_channel):
    response = send_parts(client, [*_fit(), *[part("x", "")] * 200])
    assert response.status_code == 400
    assert text_on(response) == TEXT
    assert_nothing_is_kept(tip_channel)


# Files that come with a form that is not fit


def test_files_of_a_form_that_is_not_fit_are_never_written(
    client, tip_channel, monkeypatch, subtests
):
    monkeypatch.setattr(intake.Vault, "begin", None)
    for fields in [
        {"text": ""}, {"token": ""}, {"token": "påhittad"}, {"website": "x"},
        {"where": "x" * 3_000}, {"subject": "kaffe"},
    ]:  # fmt: skip
        with subtests.test(fields=fields):
            response = send(client, fields, [PHOTO])
            assert response.status_code == 422
            assert "Filerna" in page_of(response) or "filerna" in page_of(response)
            assert_nothing_is_kept(tip_channel)


def test_files_that_come_before_the_token_are_never_written(client, tip_channel, monkeypatch):
    monkeypatch.setattr(intake.Vault, "begin", None)
    response = send_parts(client, [file_part(*PHOTO), *_fit()])
    assert response.status_code == 422
    assert "Något gick förlorat på vägen" in page_of(response)
    assert text_on(response) == TEXT


def test_a_field_behind_the_files_that_is_not_fit_brings_the_form_back(client, tip_channel):
    response = send_parts(client, _fit(file_part(*PHOTO), part("where", "x" * 3_000)))
    assert response.status_code == 422
    assert_nothing_is_kept(tip_channel)


# What cannot be read


def _raw(client, body, **headers):
    return client.generic("POST", FORM, body, content_type=CONTENT_TYPE, **headers)


def test_a_part_that_cannot_be_read_is_not_lost_without_a_word(client, tip_channel, subtests):
    for odd in [
        b"", b"no header at all", b"Content-Disposition: form-data\r\n\r\nwithout a name",
        b'Content-Disposition: form-data; name="files"; filename="\xe5\xe4.txt"\r\n\r\nLatin-1',
        b'Content-Disposition: form-data; name="files"; filename="a"\r\n' b"Content-Transfer-Encoding: base64\r\n\r\naGVq",
        b'Content-Disposition: form-data; name="where"\r\n' b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=E5",
        b"Content-Disposition: form-data; name=\"files\"; filename*=nowhere'sv'%41\r\n\r\nhej",
        b"Content-Disposition: form-data; name=\"files\"; filename*=UTF-8''%ff\r\n" + b"X" * 2_000,
        b'Content-Disposition: form-data; name="text"\r\n\r\nanother text',
        b'Content-Disposition: form-data; name="files"\r\n\r\na file without a name',
        b'X-Other: "files"\r\n\r\nhej',
        b'Content-Disposition: form-data; name="files"; filename="' + b"a" * 2_000 + b'"\r\n\r\nhej',
    ]:  # fmt: skip
        with subtests.test(odd=odd):
            response = send_parts(client, [*_fit(), odd, file_part(*PHOTO)])
            assert response.status_code == 400
            assert "Skicka igen. Något gick förlorat på vägen." in page_of(response)
            assert text_on(response) == TEXT
            assert_nothing_is_kept(tip_channel)


def test_a_form_without_its_end_is_not_kept(client, tip_channel, subtests):
    for end in [
        b"",
        b"--",
        f"--{BOUNDARY}".encode(),
        f"--{BOUNDARY}-".encode(),
        f"--{BOUNDARY}\r\n".encode(),
    ]:
        with subtests.test(end=end):
            whole = body_of(_fit())
            response = _raw(client, whole.removesuffix(f"--{BOUNDARY}--\r\n".encode()) + end)
            assert response.status_code == 400
            assert "Något gick förlorat på vägen" in page_of(response)
            assert text_on(response).startswith(TEXT)
            assert_nothing_is_kept(tip_channel)


def test_what_follows_the_end_is_forgotten(client, tip_channel):
    response = _raw(client, body_of(_fit()) + body_of([file_part(*PHOTO)]))
    assert response.status_code == 200
    assert only_tip(tip_channel)["attachments"] == []


def test_what_is_no_form_at_all_is_refused_with_a_page(client, tip_channel, subtests):
    for body in [
        b"x",
        b"--",
        b"\0" * 5_000,
        b"hej" * 100_000,
        f"--{BOUNDARY}\r\n".encode() * 50_000,
    ]:
        with subtests.test(body=body):
            response = _raw(client, body)
            assert response.status_code == 400
            assert "Vi kunde inte läsa det som skickades" in page_of(response)


def test_nothing_at_all_is_refused_with_a_page(client, tip_channel):
    response = _raw(client, b"", CONTENT_LENGTH="0", CONTENT_TYPE=CONTENT_TYPE)
    assert response.status_code == 400


def test_a_text_in_another_encoding_is_kept_as_far_as_it_can_be_read(client, tip_channel, subtests):
    for octets, kept in [
        (b"f\xf6re \xff efter", "f\ufffdre \ufffd efter"),
        (b"\xed\xa0\x80 halv", "\ufffd\ufffd\ufffd halv"),
        (b"noll \x00 tecken", "noll \ufffd tecken"),
        ("åäö".encode("utf-16-le"), "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"),
        ("x\u202ey\u2028z".encode(), "x\u202ey\u2028z"),
    ]:  # fmt: skip
        with subtests.test(octets=octets):
            response = send_parts(
                client, [part("token", ripe_token()), part("text", b"a" + octets)]
            )
            assert response.status_code == 200
            assert _only_tip(tip_channel)["fields"]["text"] == f"a{kept}"


# Cut off


class _CutOff(_Counting):
    def __init__(self, content, after, error=None):
        super().__init__(content[:after])
        self.error = error

    def read(self, size=-1):
        piece = super().read(size)
        if not piece and self.error:
            raise self.error
        return piece


def test_a_form_that_is_cut_off_leaves_nothing(client, tip_channel, caplog, subtests):
    for error in [None, ConnectionResetError(), TimeoutError()]:
        for share in [0.0, 0.002, 0.5, 0.99]:
            with subtests.test(error=error, share=share):
                body = body_of(_fit(file_part(*PHOTO), file_part(*PHOTO)))
                source = _CutOff(body, int(len(body) * share), error)
                response = client.generic(
                    "POST", FORM, body, content_type=CONTENT_TYPE, **{"wsgi.input": source}
                )
                assert response.status_code == 400
                assert "Skicka igen. Sändningen avbröts." in page_of(response)
                if share > 0.1:
                    assert text_on(response) == TEXT
                assert_nothing_is_kept(tip_channel)
                assert caplog.text == ""


def test_a_form_that_takes_too_long_is_cut_off(client, tip_channel, monkeypatch):
    monkeypatch.setattr(limits, "READ_SECONDS", -1)
    response = send(client)
    assert response.status_code == 400
    assert "Sändningen avbröts" in page_of(response)


class _Socket:
    """A connection on which nobody sends any more."""

    def __init__(self):
        self.is_shut, self.timeout = False, None

    def settimeout(self, seconds):
        self.timeout = seconds

    def shutdown(self, how):
        self.is_shut = True


def test_a_wait_for_the_next_octet_ends_when_the_time_is_over(monkeypatch):
    watch, connection, later = time_limit._Watch(), _Socket(), _Socket()
    now = 0.0

    def sleep(seconds):
        nonlocal now
        assert connection.is_shut == (now > 30)
        now += seconds
        if now > 60:
            raise StopIteration

    thread = SimpleNamespace(Thread=lambda **_: SimpleNamespace(start=lambda: None))
    clock = SimpleNamespace(monotonic=lambda: now, sleep=sleep)
    monkeypatch.setattr(time_limit, "threading", thread)
    monkeypatch.setattr(time_limit, "time", clock)
    with watch.over(connection, 30), watch.over(later, 90), pytest.raises(StopIteration):
        watch._run()
    assert connection.timeout == limits.STALL_SECONDS
    assert (connection.is_shut, later.is_shut) == (True, False)


# The disk


def test_a_disk_that_is_full_closes_the_form_and_is_given_back_its_room(
    client, tip_channel, monkeypatch, subtests
):
    write = age.SealedWriter.write
    for after in [0, 1, 3]:
        with subtests.test(after=after):
            writes = []

            def fail(self, piece, writes=writes, after=after):
                writes.append(len(piece))
                if len(writes) > after:
                    raise OSError(errno.ENOSPC, f"No space for {TEXT}")
                return write(self, piece)

            monkeypatch.setattr(age.SealedWriter, "write", fail)
            response = send(client, {"where": "Frihamnen"}, [PHOTO, PHOTO])

            assert response.status_code == 503
            assert "114 14" in page_of(response)
            assert text_on(response) == TEXT
            assert "Frihamnen" in page_of(response)
            assert_nothing_is_kept(tip_channel)
            assert len(writes) == after + 1  # nothing more was tried

            monkeypatch.setattr(age.SealedWriter, "write", write)
            assert send(client, files=[PHOTO]).status_code == 200
            _only_tip(tip_channel)


def test_no_call_to_the_disk_can_fail_unnoticed(client, tip_channel, monkeypatch, subtests):
    def fail(*arguments, **named):
        raise OSError(code, os.strerror(code))

    for code in [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT]:
        for call in ["fsync", "rename", "utime", "mkdir"]:
            with subtests.test(code=code, call=call):
                with monkeypatch.context() as patch:
                    patch.setattr(os, call, fail)
                    response = send(client, files=[PHOTO])
                assert response.status_code == 503
                assert text_on(response) == TEXT
                assert_nothing_is_kept(tip_channel)


def test_the_room_that_others_need_is_left(client, tip_channel, settings, monkeypatch):
    settings.TIPS_RESERVE_BYTES = 100 * MEGABYTE
    monkeypatch.setattr(intake.Vault, "free_bytes", lambda self: 100 * MEGABYTE + 100_000)
    assert client.get(FORM).status_code == NOT_KEPT
    assert send(client).status_code == 200
    response = send(client, files=[PHOTO])
    assert response.status_code == 503
    assert text_on(response) == TEXT
    assert len(list(tip_channel.vault.tips())) == 1

    monkeypatch.setattr(intake.Vault, "free_bytes", lambda self: 99 * MEGABYTE)
    assert client.get(FORM).status_code == 503
    assert send(client).status_code == 503
