"""What a process loads at its start, it keeps: the garbage collector need not look through it every time."""

import gc

from chassis.searching import search_words


def settle() -> None:
    """To be called once, when everything is imported and before the first request.

    With the tables of pinyin these are 340,000 objects: a full collection took 100 ms, and struck one list in twenty
    (measured). Those tables are loaded by the first text that is read, which therefore is read here, for nobody.
    """
    search_words(["石家庄"])
    gc.collect()
    gc.freeze()
