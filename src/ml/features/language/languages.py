"""Languages that are sung in, by what English and German call them."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

#: By ISO 639-1: the English name first, then the German adjective, whose endings the lexicon knows.
LANGUAGES = Table(
    "language",
    (
        Word("en", "english, englisch"),
        Word("de", "german, deutsch"),
        Word("fr", "french, französisch, francais, français"),
        Word("es", "spanish, spanisch, español, castellano"),
        Word("it", "italian, italienisch, italiano"),
        Word("pt", "portuguese, portugiesisch, brazilian, brasilianisch, brazilian portuguese"),
        Word("nl", "dutch, niederländisch, holländisch, flemish, flämisch"),
        Word("sv", "swedish, schwedisch"),
        Word("no", "norwegian, norwegisch"),
        Word("da", "danish, dänisch"),
        Word("fi", "finnish, finnisch"),
        Word("is", "icelandic, isländisch"),
        Word("pl", "polish, polnisch"),
        Word("cs", "czech, tschechisch"),
        Word("hu", "hungarian, ungarisch"),
        Word("ro", "romanian, rumänisch"),
        Word("ru", "russian, russisch"),
        Word("uk", "ukrainian, ukrainisch"),
        Word("el", "greek, griechisch"),
        Word("tr", "turkish, türkisch"),
        Word("ar", "arabic, arabisch"),
        Word("he", "hebrew, hebräisch"),
        Word("fa", "persian, farsi, persisch"),
        Word("hi", "hindi"),
        Word("ja", "japanese, japanisch"),
        Word("ko", "korean, koreanisch"),
        Word("zh", "chinese, chinesisch, mandarin, cantonese, kantonesisch"),
        Word("vi", "vietnamese, vietnamesisch"),
        Word("th", "thai, thailändisch"),
        Word("sr", "serbian, serbisch"),
        Word("hr", "croatian, kroatisch"),
        Word("ga", "irish gaelic, gälisch, gaelic"),
        Word("cy", "welsh, walisisch"),
        Word("ca", "catalan, katalanisch"),
        Word("eu", "basque, baskisch"),
        Word("sw", "swahili, suaheli"),
        Word("yo", "yoruba"),
        Word("yi", "yiddish, jiddisch"),
    ),
)
