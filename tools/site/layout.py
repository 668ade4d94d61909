"""Lays the pages out: what stands in the head of each, its contents, and the ways to the others."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.site.page import HERE, Page
from tools.web.explorers import WEB
from tools.web.words import words

TEMPLATE = HERE / "template"
#: The style of the pages that speak both languages, and set no formulas.
START = "start"
#: Hosts look for it by this name, at the root of a site.
LOST = "404.html"
_OTHER = {"ru": "en", "en": "ru"}
_FIRST = (TEMPLATE / "first.js").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where the site and its notebooks are to be found, as far as the builder knows.

    Attributes
    ----------
    base : str
        The address of the site.
    repository, branch : str
        Where the notebooks lie on GitHub: "owner/name", and the branch.
    """

    base: str = ""
    repository: str = ""
    branch: str = "main"

    def places(self, language: str, name: str) -> dict[str, str]:
        """Return where a notebook can be opened, by the names of words.toml."""
        if not self.repository:
            return {}
        path = f"notebooks/{language}/{name}.ipynb"
        return {
            "open_colab": f"https://colab.research.google.com/github/{self.repository}/blob/{self.branch}/{path}",
            "open_binder": f"https://mybinder.org/v2/gh/{self.repository}/{self.branch}?urlpath=lab/tree/{path}",
        }


@dataclass(frozen=True, kw_only=True)
class Site:
    """What all pages share.

    Attributes
    ----------
    pages : list of Page
        All of them.
    whereabouts : Whereabouts
        Where it is to be found; what may only be told with a whole address is left out without one.
    decks, handouts : collection of str
        Addresses of those that the site has.
    """

    pages: list[Page]
    whereabouts: Whereabouts
    decks: Sequence[str] = ()
    handouts: Sequence[str] = ()


def notebook_page(page: Page, site: Site, *, text: str) -> str:
    """Return a page as a whole, with its text, whose formulas are set."""
    family = [one for one in site.pages if one.language == page.language]
    here = family.index(page)
    address, other = f"{page.language}/{page.name}.html", _OTHER[page.language]
    twin = f"{other}/{page.name}.html"
    has_twin = any((one.language, one.name) == (other, page.name) for one in site.pages)
    return _fill(
        "notebook.html.j2",
        site=site,
        language=page.language,
        address=address,
        title=f"{page.title} · {words(page.language)['lecture']}",
        description=page.description,
        alternates={page.language: address} | ({other: twin} if has_twin else {}),
        root="../",
        style=page.language,
        page=page,
        pages=family,
        text=text,
        before=family[here - 1] if here else None,
        after=family[here + 1] if here + 1 < len(family) else None,
        deck=f"{page.language}/{page.name}.html" in site.decks,
        handout=f"{page.language}/{page.name}.pdf" in site.handouts,
        places=site.whereabouts.places(page.language, page.name),
    )


def start_page(site: Site, *, language: str, **content: object) -> str:
    """Return the start page."""
    say = words(language)
    return _fill(
        "start.html.j2",
        site=site,
        language=language,
        address="index.html",
        title=f"{say['lecture']} · {words(_OTHER[language])['lecture']}",
        description=say["about"],
        alternates={},
        root="",
        style=START,
        others=words(_OTHER[language]),
        **content,
    )


def lost_page(site: Site, *, language: str, languages: Mapping[str, Mapping[str, str]]) -> str:
    """Return the page that hosts show where there is none, at any address below the site's own."""
    say, others = words(language), words(_OTHER[language])
    return _fill(
        "lost.html.j2",
        site=site,
        language=language,
        address=LOST,
        title=f"{say['lost']} · {others['lost']}",
        description=say["about"],
        alternates={},
        root=site.whereabouts.base,
        style=START,
        others=others,
        languages=languages,
        pages=site.pages,
    )


def policy() -> str:
    """Return the content-security policy: nothing from elsewhere, and no script that is not the site's own."""
    digest = base64.b64encode(hashlib.sha256(_FIRST.encode()).digest()).decode()
    allowed = {
        "default-src": "'none'",
        "connect-src": "'self'",  # Lighthouse asks for robots.txt from within a page
        "script-src": f"'self' 'sha256-{digest}'",
        "style-src": "'self' 'unsafe-inline'",  # formulas say in themselves how wide they are
        "img-src": "'self' data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


def _fill(name: str, *, site: Site, language: str, **content: object) -> str:
    environment = Environment(loader=FileSystemLoader([TEMPLATE, WEB]), autoescape=True, undefined=StrictUndefined)
    shared = {"base": site.whereabouts.base, "policy": policy(), "first_script": _FIRST}
    return environment.get_template(name).render(language=language, say=words(language), **shared, **content)
