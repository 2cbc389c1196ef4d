"""Threads and what they have in hand."""

from __future__ import annotations

import random
import threading

from scmine.extractors.llm.in_hand import InHand


def test_no_name_is_in_two_hands() -> None:
    in_hand, held, clashes = InHand(), set[str](), list[str]()
    guard = threading.Lock()

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(50):
            names = set(chance.sample("abcdef", 3))
            with in_hand.holding(names):
                with guard:
                    clashes.extend(held & names)
                    held.update(names)
                with guard:
                    held.difference_update(names)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    assert clashes == []
