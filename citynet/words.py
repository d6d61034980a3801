"""The words of the site in other languages: gathered from code and templates, kept in locale/, compiled.

Babel does what GNU gettext would, which a fresh machine lacks. `make words` brings the .po files to what code
and templates say; what is to be translated then stands in them without a translation, and a test fails.
"""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from citynet.steps import BASE_DIR, fingerprint, is_done, one_at_a_time, say, step

LANGUAGES = ("fr", "es")
SOURCES = BASE_DIR / "locale"
COMPILED = BASE_DIR / "build" / "locale"
# The admin is in English alone.
PLACES = (("citynet", "*.py"), ("registry", "*.py"), ("templates", "*.html"))
LEFT_OUT = ("registry/admin/", "registry/migrations/", "templates/admin/")
KEYWORDS: dict[str, Any] = {}
for lazy in ("", "_lazy"):
    KEYWORDS[f"gettext{lazy}"] = None
    KEYWORDS[f"ngettext{lazy}"] = (1, 2)
    KEYWORDS[f"pgettext{lazy}"] = ((1, "c"), 2)
    KEYWORDS[f"npgettext{lazy}"] = ((1, "c"), 2, 3)
KEYWORDS["_"] = None
# What a translation has to keep: places for values, and markup.
_KEPT = re.compile(r"%\(\w+\)s|%%|\{\w*\}|<[^>]+>")


def ensure_compiled() -> None:
    """Compile each language to where Django looks; instant when nothing changed."""
    mark = fingerprint(SOURCES)
    stamp = COMPILED / ".stamp"
    if is_done(stamp, mark):
        return
    with one_at_a_time(), step("Languages"):
        for language in LANGUAGES:
            target = COMPILED / language / "LC_MESSAGES" / "django.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                write_mo(file, read(language))
        stamp.write_text(mark)


def source(language: str) -> Path:
    """Where the words of a language are kept."""
    return SOURCES / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The words of a language as they are kept."""
    with source(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def gathered(language: str) -> Catalog:
    """All that code and templates say, with what is kept of it in the language."""
    kept, found = read(language) if source(language).exists() else Catalog(), Catalog(locale=language)
    for path in files():
        for message, context in said_in(path):
            old = kept.get(message[0] if isinstance(message, tuple) else message, context)
            # What is counted somewhere has its plural, wherever else the same words stand alone.
            found.add(message, old.string if old and _fits(message, old) else None, context=context)
    return found


def _fits(message: str | tuple[str, ...], old: Message) -> bool:
    return isinstance(message, tuple) == isinstance(old.id, tuple) and (
        message == old.id or message[0] in old.id
    )


def files() -> Iterator[Path]:
    """The files that say something to the public, in order."""
    for folder, pattern in PLACES:
        for path in sorted((BASE_DIR / folder).rglob(pattern)):
            if not path.relative_to(BASE_DIR).as_posix().startswith(LEFT_OUT):
                yield path


def said_in(path: Path) -> Iterator[tuple[Any, str | None]]:
    """The messages of a file, each with its context."""
    text = path.read_text()
    # Of a template Django makes calls of what is to be translated and blanks of all else, which is no Python.
    lines = map(str.strip, templatize(text).splitlines()) if path.suffix == ".html" else [text]
    for line in lines:
        for _, message, _, context in extract("python", io.BytesIO(line.encode()), keywords=KEYWORDS):
            yield message, context


def text_of(catalog: Catalog) -> str:
    """A catalogue as it is kept: sorted, without dates, names and places, so that only words change it."""
    file = io.BytesIO()
    write_po(
        file, catalog, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True
    )
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header + file.getvalue().decode().strip() + "\n"


def problems(catalog: Catalog) -> Iterator[str]:
    """What is wrong with the translations of a catalogue, a line each."""
    for message in catalog:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = message.id if isinstance(message.id, tuple | list) else (message.id,)
        if message.fuzzy or not all(forms) or len(forms) != (catalog.num_plurals if len(wanted) > 1 else 1):
            yield f"not translated: {wanted[0]}"
            continue
        for form, original in zip(forms, (*wanted, wanted[-1]), strict=False):
            if Counter(_KEPT.findall(form or "")) != Counter(_KEPT.findall(original)):
                yield f"other places for values, or other markup: {form}"


def renew() -> int:
    """Bring the .po files to what code and templates say; say what is left to be translated."""
    left = 0
    for language in LANGUAGES:
        catalog = gathered(language)
        source(language).parent.mkdir(parents=True, exist_ok=True)
        source(language).write_text(text_of(catalog))
        wrong = list(problems(catalog))
        left += len(wrong)
        for line in wrong:
            say(f"{language}: {line}")
    say(f"{left} to be mended in locale/." if left else "Everything is translated.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(renew())
