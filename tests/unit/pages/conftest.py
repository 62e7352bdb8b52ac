"""Files as they come to be imported."""

import pytest

from pages.importing.documents import RefusedError
from pages.importing.read import read_article


@pytest.fixture
def read(tmp_path):
    """Reads a file with this name and content."""

    def read_file(name: str, content: str | bytes):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_article(path)

    return read_file


@pytest.fixture
def refused(read):
    """The sentence that a file with this name and content is refused with."""

    def refuse(name: str, content: str | bytes) -> str:
        with pytest.raises(RefusedError) as caught:
            read(name, content)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return refuse
