"""What looks for faults in pages: four accessibility engines in a browser, and the validator of the W3C."""

from .judging import Fault, faults_in
from .validator import invalid_in
