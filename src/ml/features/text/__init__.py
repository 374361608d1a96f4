"""Names as people write them: other spellings, and how alike two of them are."""

from ml.features.text.likeness import likeness
from ml.features.text.spellings import compact, spellings, without_brackets

__all__ = ["compact", "likeness", "spellings", "without_brackets"]
