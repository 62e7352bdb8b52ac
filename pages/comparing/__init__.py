"""What is new in one version of an object beside another: read in reading order, word by word."""

from .compared import DiffLine, Piece, compare
from .read_lines import Line, lines_of
from .rendering import rendered
from .shown_settings import Setting, SettingChange, compare_settings, read_line_by_line, settings_of
