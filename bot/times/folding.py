"""Text as it is compared: without case, accents or the many forms of one dash, and of unchanged length."""

from __future__ import annotations

import unicodedata

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
    }
)


def tidy(text: str) -> str:
    """Return the text in its compatible form, without invisible signs; what is no letter, digit or point is a space."""
    composed = unicodedata.normalize("NFKC", text.translate(_SAME))
    kept = (char for char in composed if unicodedata.category(char) not in {"Cf", "Mn"})
    return "".join(" " if unicodedata.category(char) in {"Zs", "Cc", "So", "Sk", "Cs", "Co"} else char for char in kept)


def fold(text: str) -> str:
    """Return the text in small letters without accents; each sign of ``tidy`` text stays one sign."""
    return "".join(unicodedata.normalize("NFKD", char)[0].lower()[0] for char in text)


def folded_name(name: str) -> str:
    """Return a place's name as it is compared: folded, hyphens and dots as spaces, single spaces."""
    return " ".join(fold(tidy(name)).replace("-", " ").replace("_", " ").replace(".", " ").split())
