"""The files of the library, with who made them, who is seen in them, and what names them."""

from .consent import Consent
from .file_in_version import FileInVersion
from .former_file import FormerFile
from .media import SiteDocument, SiteImage, SiteRendition
from .rights import Rights
