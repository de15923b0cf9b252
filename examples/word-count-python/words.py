"""What both functions share."""

import re
from collections import Counter


def count(text, most=3):
    """How many words a text has, and the most frequent of them."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    frequent = [word for word, _ in Counter(words).most_common(most)]
    return {"words": len(words), "frequent": frequent}
