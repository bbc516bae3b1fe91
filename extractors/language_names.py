"""What languages are called in English, and which one was meant by a word that is no code of any."""

from __future__ import annotations

from extractors.languages import LANGUAGES
from sectorwatch.nearest import nearest

NAMES = {
    "uk": "Ukrainian", "ru": "Russian", "en": "English", "de": "German", "fr": "French", "pl": "Polish", "cs": "Czech",
    "sk": "Slovak", "sl": "Slovene", "hr": "Croatian", "sr": "Serbian", "mk": "Macedonian", "bg": "Bulgarian",
    "be": "Belarusian", "lt": "Lithuanian", "lv": "Latvian", "fi": "Finnish", "et": "Estonian", "hu": "Hungarian",
    "tr": "Turkish", "az": "Azerbaijani", "uz": "Uzbek", "kk": "Kazakh", "ky": "Kyrgyz", "ro": "Romanian",
    "sq": "Albanian", "el": "Greek", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "sv": "Swedish", "da": "Danish", "no": "Norwegian", "hy": "Armenian", "ka": "Georgian", "he": "Hebrew",
    "ar": "Arabic", "fa": "Persian", "ur": "Urdu", "hi": "Hindi", "bn": "Bengali", "th": "Thai", "vi": "Vietnamese",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "mn": "Mongolian", "eo": "Esperanto", "": "in no one language",
}  # fmt: skip


def meant_language(given: str) -> str:
    """The end of an error about a language that no text is in: which one was meant, or what to give."""
    called = {name.casefold(): code for code, name in NAMES.items() if code in LANGUAGES}
    begun = [name for name in called if len(given) > 2 and name.startswith(given.casefold())]  # ukr, rus, ger
    near = begun[0] if begun else nearest(given, called)
    return "give its ISO 639-1 code, such as uk" if near is None else f"did you mean {called[near]!r}?"
