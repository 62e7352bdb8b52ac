"""What the CMS asks of imports."""

from django import template

from pages.importing.build import takes_imports

register = template.Library()
register.filter("takes_imports", takes_imports)
