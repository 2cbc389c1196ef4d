"""Annotated texts as brat's files: ``.txt`` and ``.ann``, and the configuration of a collection.

brat counts code points. Its annotations do not run over line ends: such a mention is in pieces, one
a line. What is said of a mention or link is an ``AnnotatorNotes`` line, which brat shows beside it,
with the score where that is below 1. Links that a scheme calls roles of an event become arguments
of the event whose trigger is their head. Reading is the affair of ``scmine.corpora.brat``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from scmine.corpora.brat_lines import EventLine, MentionLine, RelationLine, words_of
from scmine.corpora.exchange.annotated import Annotations
from scmine.corpora.types import Span

CONFIGURATION, DRAWING = "annotation.conf", "visual.conf"
_LINE = re.compile(r"[^\r\n]+")
_COLOURS = ("#a8d5ff", "#ffd59e", "#c9f0b5", "#f7b8d3", "#d9c8ff", "#fff2a8", "#b8ece6", "#e6cfc0")

Events = Mapping[str, Sequence[str]]
"""The labels of mentions that are triggers of events, with the roles of those that take part."""


def annotation_lines(text: str, annotations: Annotations, events: Events) -> str:
    """The content of the ``.ann`` file of a text.

    >>> from scmine.extractors.claim import Mention
    >>> found = Annotations((Mention(0, 4, "material", "MgB2", 0.5),), reasons=("unsure",))
    >>> annotation_lines("MgB2 is", found, {}).replace("\\t", "|").splitlines()
    ['T1|material 0 4|MgB2', '#1|AnnotatorNotes T1|unsure; score 0.50']
    """
    lines: list[str] = []
    notes: list[tuple[str, str, float]] = []
    triggers: dict[int, str] = {}
    for i, mention in enumerate(annotations.mentions):
        spans = _pieces(text, mention.start, mention.end)
        name = f"T{i + 1}"
        lines.append(str(MentionLine(name, str(mention.label), spans, words_of(text, spans))))
        notes.append((name, annotations.reason(i), mention.score))
        if mention.label in events:
            triggers[i] = f"E{len(triggers) + 1}"
    lines += map(str, _events(annotations, triggers, events))
    names = [triggers.get(i, f"T{i + 1}") for i in range(len(annotations.mentions))]
    relations = 0
    for i, link in enumerate(annotations.links):
        if _is_role(annotations, link.head, link.label, events):
            continue
        relations += 1
        name = f"R{relations}"
        lines.append(str(RelationLine(name, str(link.label), names[link.head], names[link.tail])))
        notes.append((name, annotations.link_reason(i), link.score))
    said = [(name, note) for name, reason, score in notes if (note := _note(reason, score))]
    lines += [f"#{n}\tAnnotatorNotes {name}\t{note}" for n, (name, note) in enumerate(said, 1)]
    return "".join(f"{line}\n" for line in lines)


def configuration(
    labels: Sequence[str],
    links: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    events: Events,
) -> dict[str, str]:
    """The files that tell brat what may be drawn, by their name."""
    entities = [label for label in labels if label not in events]
    roles = [
        f"{label}\t{', '.join(f'{role}*:<ENTITY>' for role in names)}"
        for label, names in events.items()
    ]
    relations = [
        f"{label}\tArg1:{'|'.join(heads)}, Arg2:{'|'.join(tails)}"
        for label, (heads, tails) in links.items()
    ]
    overlaps = ["<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"]
    drawing = [
        f"{label}\tbgColor:{_COLOURS[i % len(_COLOURS)]}, borderColor:darken"
        for i, label in enumerate(labels)
    ]
    return {
        CONFIGURATION: _sections(
            entities=entities, relations=overlaps + relations, events=roles, attributes=[]
        ),
        DRAWING: _sections(labels=[], drawing=drawing),
    }


def _sections(**sections: Sequence[str]) -> str:
    return "\n".join(
        f"[{name}]\n\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items()
    )


def _events(
    annotations: Annotations, triggers: Mapping[int, str], events: Events
) -> Iterator[EventLine]:
    """The events with those that take part; a role that recurs is numbered from 2."""
    for index, name in triggers.items():
        label = str(annotations.mentions[index].label)
        times: dict[str, int] = {}
        arguments = []
        for link in annotations.links:
            if link.head != index or not _is_role(annotations, index, link.label, events):
                continue
            times[link.label] = times.get(link.label, 0) + 1
            number = "" if times[link.label] == 1 else str(times[link.label])
            arguments.append((f"{link.label}{number}", f"T{link.tail + 1}"))
        yield EventLine(name, label, f"T{index + 1}", tuple(arguments))


def _is_role(annotations: Annotations, head: int, label: str, events: Events) -> bool:
    return label in events.get(annotations.mentions[head].label, ())


def _pieces(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The stretch without its line ends; all of it if it is nothing else."""
    return tuple(m.span() for m in _LINE.finditer(text, start, end)) or ((start, end),)


def _note(reason: str, score: float) -> str:
    """What an annotator is told, in one line; nothing where there is no reason."""
    return " ".join(f"{reason}; score {score:.2f}".split()) if reason else ""
