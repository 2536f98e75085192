"""What the author of a procedure file is told, and what a file composes to."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from asbcli.errors import BadInput
from asbcli.procedure import reading
from asbcli.procedure.drafting import finding
from asbcli.procedure.drafting.lines import lines_of
from asbcli.procedure.reading import Mistake, check, compose, digest, load
from asbcli.procedure.rules import procedure_of

HEAD = """\
[procedure]
id = "our-own"
version = "2026-04"
title = "Our own procedure"
document = "Own"
in_force_from = 2026-04-01

[[priority]]
id = 1
title = "Priority One"

[[flag]]
id = "hate"
title = "Hate"
"""

REPORT_RULE = """
[[deadline]]
id = "start"
title = "Start"
clause = "1"
starts = ["report"]
limit = "1 working day"
"""


@pytest.fixture
def write(tmp_path: Path):
    """Write a procedure file: the usual head, then the text."""

    def written(text: str, name: str = "own.toml", head: str = HEAD) -> Path:
        path = tmp_path / name
        path.write_text(head + text, encoding="utf-8")
        return path

    return written


def told(path: Path) -> list[str]:
    """What the author is told, without the folder."""
    return [str(mistake).removeprefix(f"{path.parent}{os.sep}") for mistake in check(path)]


def line_of(path: Path, text: str) -> int:
    """The line a text first stands on."""
    content = path.read_text(encoding="utf-8")
    return content[: content.index(text)].count("\n") + 1


def rule_with(*lines: str) -> str:
    return '[[deadline]]\nid = "x"\ntitle = "X"\nclause = "1"\n' + "\n".join(lines) + "\n"


REPORT = 'starts = ["report"]'


# --- one mistake each: what is written, where the finger points, what is said ---

MISTAKES = {
    "a limit that is none": (
        rule_with(REPORT, 'limit = "3 workdays"'),
        'limit = "3',
        "deadline \"x\": limit: '3 workdays' is no limit: write it as 24 hours",
    ),
    "a limit below nothing": (
        rule_with(REPORT, 'limit = "-3 days"'),
        "limit",
        "deadline \"x\": limit: '-3 days' is no limit",
    ),
    "a limit of a thousand years": (
        rule_with(REPORT, 'limit = "1000 years"'),
        "limit",
        "deadline \"x\": limit: '1000 years' is too long: the most is",
    ),
    "a limit among several that is none": (
        rule_with(
            REPORT,
            "limit = [",
            '  { within = "soon", when = ["hate"] },',
            '  { within = "3 working days" },',
            "]",
        ),
        "limit = [",
        "deadline \"x\": limit.1.within: 'soon' is no limit",
    ),
    "a limit no case reaches": (
        rule_with(REPORT, 'limit = [{ within = "3 days" }, { within = "24 hours", when = ["hate"] }]'),
        "limit",
        'deadline "x": limit.1: it always applies, so the limits after it never hold',
    ),
    "an interval that is none": (
        rule_with(REPORT, 'every = "fortnightly"'),
        "every",
        "deadline \"x\": every: 'fortnightly' is no limit",
    ),
    "a limit and a soft target": (
        rule_with(REPORT, 'limit = "1 day"', 'act_within = "1 day"'),
        "act_within",
        'deadline "x": act_within: limit is given too; write limit or act_within, not both',
    ),
    "two ways to be met": (
        rule_with(REPORT, 'met_by = ["close"]', 'met_by_all = ["close"]'),
        "met_by_all",
        'deadline "x": met_by_all: met_by is given too; write met_by or met_by_all, not both',
    ),
    "two ways to start": (
        rule_with(REPORT, 'before = ["plan.added"]', 'limit = "1 day"'),
        "before",
        'deadline "x": before: starts is given too; write starts or before, not both',
    ),
    "a rule nothing starts": (
        rule_with('limit = "1 day"'),
        "[[deadline]]",
        'deadline "x": starts: nothing starts its clock; write starts, or before',
    ),
    "a backward clock without a limit": (
        rule_with('before = ["plan.added"]'),
        "[[deadline]]",
        'deadline "x": limit: a clock that runs back from a date needs one',
    ),
    "a backward clock from what never lies ahead": (
        '[[event]]\nid = "decree"\ntitle = "Decree"\n'
        + rule_with('before = ["event.decree"]', 'limit = "1 day"'),
        "before",
        'deadline "x": before: "event.decree" never lies ahead; give that [[event]] planned = true',
    ),
    "an event misspelt": (
        rule_with('starts = ["reprot"]'),
        "starts",
        'deadline "x": starts: "reprot" is no event we know; did you mean "report"?',
    ),
    "an event of a kind nobody declared": (
        rule_with('starts = ["event.zzz"]'),
        "starts",
        'deadline "x": starts: "event.zzz" is no event we know; declare it with [[event]]',
    ),
    "a remedy's state misspelt": (
        '[[remedy]]\nid = "abc"\ntitle = "ABC"\nstates = ["signed"]\n'
        + rule_with('starts = ["remedy.abc.sined"]'),
        "starts",
        'deadline "x": starts: "remedy.abc.sined" is no event we know; did you mean "remedy.abc.signed"?',
    ),
    "another rule misspelt in an event": (
        rule_with('starts = ["missed.y"]'),
        "starts",
        'deadline "x": starts: "missed.y" is no event we know; did you mean "missed.x"?',
    ),
    "a fact misspelt": (
        rule_with(REPORT, 'when = ["anonimous"]'),
        "when",
        'deadline "x": when: "anonimous" is no fact we know; did you mean "anonymous"?',
    ),
    "a fact misspelt in a limit's condition": (
        rule_with(REPORT, 'limit = [{ within = "1 day", unless = ["hatte"] }]'),
        "limit",
        'deadline "x": limit.1.unless: "hatte" is no fact we know; did you mean "hate"?',
    ),
    "a priority that is none, as a fact": (
        rule_with(REPORT, 'when = ["priority.2"]'),
        "when",
        'deadline "x": when: "priority.2" is no fact we know; did you mean "priority.1"?',
    ),
    "an answer to a question nobody asks": (
        rule_with(REPORT, 'when = ["answer.zzzzz.yes"]'),
        "when",
        'deadline "x": when: "answer.zzzzz.yes" is no fact we know; declare it with [[question]]',
    ),
    "a category of an unknown priority": (
        '[[category]]\nid = "noise"\ntitle = "Noise"\npriority = 2\n',
        "priority = 2",
        'category "noise": priority: "2" is no priority we know; declare it with [[priority]]',
    ),
    "a category that sets an unknown flag": (
        '[[category]]\nid = "noise"\ntitle = "Noise"\npriority = 1\nflags = ["hat"]\n',
        "flags",
        'category "noise": flags: "hat" is no flag we know; did you mean "hate"?',
    ),
    "a flag that asks for an unknown priority": (
        '[[flag]]\nid = "x"\ntitle = "X"\npriority = "B"\n',
        "priority",
        'flag "x": priority: "B" is no priority we know; declare it with [[priority]]',
    ),
    "a flag an unknown role removes": (
        '[[flag]]\nid = "x"\ntitle = "X"\nremoved_by = "boss"\n',
        "removed_by",
        'flag "x": removed_by: "boss" is no role we know; declare it with [[role]]',
    ),
    "a gate an unknown role may override": (
        '[[gate]]\nbefore = ["close"]\ntitle = "X"\nclause = "1"\nneeds = ["hate"]\nrole = "boss"\n',
        "role",
        'gate 1: role: "boss" is no role we know; declare it with [[role]]',
    ),
    "a gate before no step": (
        '[[gate]]\nbefore = ["clsoe"]\ntitle = "X"\nclause = "1"\nneeds = ["hate"]\n',
        "before",
        'gate 1: before: "clsoe" is no step we know; did you mean "close"?',
    ),
    "a gate that is always open": (
        '[[gate]]\nbefore = ["close"]\ntitle = "X"\nclause = "1"\n',
        "[[gate]]",
        "gate 1: needs: nothing is needed; write needs or needs_any",
    ),
    "an order that lasts in a state it never comes to": (
        '[[remedy]]\nid = "asbo"\ntitle = "ASBO"\nstates = ["raised"]\nlasts = ["granted"]\n',
        "lasts",
        'remedy "asbo": lasts: "granted" is none of its states; add it to states',
    ),
    "an event decided by a role that is not there": (
        '[[event]]\nid = "decision"\ntitle = "Decision"\nby = "boss"\n',
        "by",
        'event "decision": by: "boss" is no role we know; declare it with [[role]]',
    ),
    "a paragraph of a letter there is not": (
        '[[paragraph]]\nid = "p"\nletters = ["farewell"]\nto = ["victim"]\ntext = "Goodbye."\n',
        "letters",
        'paragraph "p": letters.1: "farewell" is not allowed; write "acknowledgement"',
    ),
    "a paragraph that is never written": (
        '[[paragraph]]\nid = "p"\nletters = ["closing"]\nto = ["victim"]\ntext = "X"\n'
        'when = ["hate"]\nunless = ["hate"]\n',
        "unless",
        'paragraph "p": unless: "hate" stands in when too, so it is never written',
    ),
    "a question at no step": (
        '[[question]]\nid = "q"\ntext = "Q?"\nstep = "opening"\n',
        "step",
        'question "q": step: "opening" is no step we know',
    ),
    "guidance on nothing": (
        '[[guidance]]\non = ["immediate-dnger"]\ntext = "Call 999."\n',
        "on",
        'guidance 1: on: "immediate-dnger" is no fact we know; declare it as a [[flag]] or a derived',
    ),
    "a rule that replaces an unknown one": (
        rule_with(REPORT, 'replaces = ["y"]'),
        "replaces",
        'deadline "x": replaces: "y" is no rule we know; declare it with [[deadline]]',
    ),
    "a rule kept for nobody": (
        rule_with(REPORT, 'each = "tenant"'),
        "each",
        'deadline "x": each: "tenant" is not allowed; write "case", "victim", "witness", "perpetrator"',
    ),
    "an unnamed nobody": (
        rule_with(REPORT, "unnamed = true"),
        "unnamed",
        'deadline "x": unnamed: only a person can be unnamed; write each = "victim", "witness" or "perp',
    ),
    "a default without a limit": (
        rule_with(REPORT, 'limit = "1 week"', 'default = "28 days"'),
        "default =",
        'deadline "x": default: says nothing without limit = "asked"; write limit = "asked" as well',
    ),
    "dates the wrong way round": (
        rule_with(REPORT, "holds_from = 2026-05-01", "holds_until = 2026-04-01"),
        "holds_until",
        'deadline "x": holds_until: 2026-04-01 is before holds_from, 2026-05-01',
    ),
    "a rule that waits for itself": (
        rule_with('starts = ["missed.x"]'),
        "starts",
        'deadline "x": starts: it waits for itself: x → x',
    ),
    "an override of nothing": (
        '[[override]]\nid = "y"\ndrop = true\n',
        'id = "y"',
        'override "y": id: "y" is no included rule; name a rule of an included file',
    ),
    "an id twice": (
        REPORT_RULE + REPORT_RULE.replace('"start"', '"start" # again'),
        "# again",
        'deadline "start": id: "start" is already in line 16; an id stands once in a file',
    ),
    "a derived fact that looks down": (
        '[[fact]]\nid = "a"\nwhen = ["b"]\n[[fact]]\nid = "b"\nwhen = ["hate"]\n',
        "when",
        'fact "a": when: "b" is derived only further down; put that one above',
    ),
    "a derived fact named like a flag": (
        '[[fact]]\nid = "hate"\nwhen = ["anonymous"]\n',
        'id = "hate"\nwhen',
        'fact "hate": id: "hate" already means something else; choose another name',
    ),
    "an unknown key": (
        rule_with(REPORT, 'metby = ["close"]'),
        "metby",
        'deadline "x": metby: unknown key; did you mean "met_by"?',
    ),
    "an unknown key in a limit": (
        rule_with(REPORT, 'limit = [{ within = "1 day", whne = [] }]'),
        "limit",
        'deadline "x": limit.1.whne: unknown key; did you mean "when"?',
    ),
    "an unknown table": (
        '[[deadlines]]\nid = "x"\n',
        "[[deadlines]]",
        'deadlines: unknown table; did you mean "deadline"?',
    ),
    "single brackets": (
        '[gate]\ntitle = "x"\n',
        "[gate]",
        "gate: there may be several; write [[gate]], in double brackets",
    ),
    "a key left out": (
        '[[role]]\nid = "x"\n',
        "[[role]]",
        'role "x": title: is missing',
    ),
    "text where a list stands": (
        rule_with('starts = "report"'),
        "starts",
        'deadline "x": starts: "report" will not do; write a list, e.g. ["hate"]',
    ),
    "text where yes or no stands": (
        rule_with(REPORT, 'unnamed = "yes"'),
        "unnamed",
        'deadline "x": unnamed: "yes" will not do; write true or false, without quotes',
    ),
    "a number where text stands": (
        rule_with(REPORT, "limit = 3"),
        "limit",
        'deadline "x": limit: 3 will not do; write text in quotes',
    ),
    "a date in quotes": (
        rule_with(REPORT, 'holds_from = "2026-05-01"'),
        "holds_from",
        'deadline "x": holds_from: "2026-05-01" will not do; write a date without quotes, e.g. 2026-04-01',
    ),
    "an id with a space": (
        '[[role]]\nid = "The Boss"\ntitle = "X"\n',
        'id = "The',
        'role "The Boss": id: "The Boss" will not do; write small letters, digits and single hyphens',
    ),
    "a title of five thousand letters": (
        f'[[role]]\nid = "x"\ntitle = "{"a" * 5000}"\n',
        'title = "aa',
        'role "x": title: is too long: "aaa',
    ),
    "no text": (
        '[[role]]\nid = "x"\ntitle = ""\n',
        'title = ""',
        'role "x": title: says nothing',
    ),
    "an include that is not there": (
        '[[include]]\nfile = "elsewhere"\n',
        "file",
        'include "elsewhere": file: there is no elsewhere.toml beside this file, and no built-in one',
    ),
    "an include outside the folder": (
        '[[include]]\nfile = "../secrets"\n',
        "file",
        'include "../secrets": file: "../secrets" will not do; write the name of a file beside this one',
    ),
    "an include of itself": (
        '[[include]]\nfile = "own"\n',
        "file",
        'include "own": file: it includes itself: own → own',
    ),
    "an include on an unknown condition": (
        '[[include]]\nfile = "other"\nwhen = ["hatr"]\n',
        "when",
        'include "other": when: "hatr" is no fact we know; did you mean "hate"?',
    ),
    "an interval of no time": (
        rule_with(REPORT, 'every = "same working day"'),
        "every",
        'deadline "x": every: "same working day" is no interval; write e.g. "1 week"',
    ),
    "a repeating clock that one event before it would meet for ever": (
        rule_with(REPORT, 'every = "1 week"', 'met_by = ["close"]', "met_before_start = true"),
        "met_before_start",
        'deadline "x": met_before_start: every is given too; write every or met_before_start, not both',
    ),
    "a backward clock that repeats": (
        rule_with('before = ["plan.added"]', 'limit = "1 week"', 'every = "1 week"'),
        "every",
        'deadline "x": every: before is given too; write before or every, not both',
    ),
    "a date asked for that nothing brings": (
        rule_with(REPORT, 'limit = "asked"'),
        "limit",
        'deadline "x": limit: no event it starts from brings a date; write default, e.g. default = "28 days"',
    ),
    "an interval agreed that nothing brings": (
        rule_with(REPORT, 'limit = "agreed"'),
        "limit",
        'deadline "x": limit: no event it starts from brings an interval; start it from e.g. "contact.agr',
    ),
    "one for each thing where there are no things": (
        rule_with(REPORT, 'each = "item"'),
        "each",
        'deadline "x": each: no event it starts from has an item; start it from e.g. "plan.added"',
    ),
    "a rule that replaces itself": (
        rule_with(REPORT, 'replaces = ["x"]'),
        "replaces",
        'deadline "x": replaces: it replaces itself; name another rule',
    ),
    "a fact needed and excluded": (
        rule_with(REPORT, 'when = ["hate"]', 'unless = ["hate"]'),
        "unless",
        'deadline "x": unless: "hate" stands in when too, so the rule never applies; change the condition',
    ),
    "nothing left of one of": (
        rule_with(REPORT, 'when_any = ["hate"]', 'unless = ["anonymous", "hate"]'),
        "when_any",
        'deadline "x": when_any: all of it stands in unless too, so the rule never applies',
    ),
    "two definitions at once": (
        rule_with(REPORT, 'when = ["definition.personal", "definition.nuisance"]'),
        "when",
        'deadline "x": when: a case never has "definition.nuisance" and "definition.personal" at once, so',
    ),
    "two answers to one question": (
        '[[question]]\nid = "q"\ntext = "Q?"\nstep = "close"\n'
        + rule_with(REPORT, 'when = ["answer.q.yes", "answer.q.no"]'),
        "when",
        'deadline "x": when: a case never has "answer.q.no" and "answer.q.yes" at once, so the rule never',
    ),
    "a contradiction through derived facts": (
        '[[fact]]\nid = "grave"\nwhen_any = ["hate", "anonymous"]\n'
        '[[fact]]\nid = "gravest"\nwhen = ["grave", "hate"]\n'
        + rule_with(REPORT, 'when = ["gravest"]', 'unless = ["grave"]'),
        'when = ["gravest"]',
        'deadline "x": when: these can never hold together, so the rule never applies',
    ),
    "a derived fact that is never so": (
        '[[fact]]\nid = "f"\nwhen = ["channel.phone", "channel.email"]\n',
        "when",
        'fact "f": when: a case never has "channel.email" and "channel.phone" at once, so it is never so',
    ),
    "a category no case is opened for": (
        '[[category]]\nid = "advice"\ntitle = "Advice"\npriority = 1\nasb = false\n'
        + rule_with(REPORT, 'when = ["category.advice"]'),
        "when",
        'deadline "x": when: "category.advice" never comes true, so the rule never applies',
    ),
    "a category without a priority": (
        '[[category]]\nid = "noise"\ntitle = "Noise"\n',
        "[[category]]",
        'category "noise": priority: is missing',
    ),
    "a limit that never holds where the rule does": (
        rule_with(REPORT, 'when = ["hate"]', 'limit = [{ within = "1 day", unless = ["hate"] }]'),
        "limit",
        'deadline "x": limit.1: it never holds where the rule applies; change its condition',
    ),
    "a limit that another always comes before": (
        rule_with(
            REPORT,
            'limit = [{ within = "1 day", when_any = ["hate", "anonymous"] },',
            '{ within = "2 days", when = ["hate"] }]',
        ),
        "limit",
        'deadline "x": limit.2: a limit above always holds where this one would; put it first',
    ),
    "a clock that asks what day it is": (
        '[[fact]]\nid = "slow"\nwhen = ["missed.y"]\n'
        + rule_with(REPORT, 'limit = "1 day"').replace('id = "x"', 'id = "y"')
        + rule_with(REPORT, 'unless = ["slow"]'),
        "unless",
        'deadline "x": unless: "missed.y" depends on the day it is looked at, which no clock knows; start or',
    ),
    "a rule that starts where a prompt would be missed": (
        rule_with(REPORT, 'limit = "1 day"', 'strength = "may"').replace('id = "x"', 'id = "y"')
        + rule_with('starts = ["missed.y"]'),
        'starts = ["missed.y"]',
        'deadline "x": starts: nothing ever starts it: "missed.y" never happens, since that rule is never',
    ),
    "a gate that needs what cannot be": (
        '[[gate]]\nbefore = ["close"]\ntitle = "X"\nclause = "1"\nneeds = ["recipient.police"]\n',
        "needs",
        'gate 1: needs: "recipient.police" never comes true, so nothing can satisfy it; change what it needs',
    ),
    "a gate that needs what it excludes": (
        '[[gate]]\nbefore = ["close"]\ntitle = "X"\nclause = "1"\nneeds = ["hate"]\nunless = ["hate"]\n',
        "needs",
        "gate 1: needs: nothing can satisfy it: what it needs can't hold while its condition does",
    ),
    "a gate that waits for its own step": (
        '[[gate]]\nbefore = ["close"]\ntitle = "X"\nclause = "1"\nneeds = ["close"]\n',
        "needs",
        "gate 1: needs: it waits for the very step it stands before; name what must come first",
    ),
    "words that are never shown": (
        '[[guidance]]\non = ["hate"]\ntext = "X"\nunless = ["hate"]\n',
        "on",
        "guidance 1: on: this can't be while its condition holds, so it is never shown; change one of them",
    ),
    "an include that never applies": (
        '[[include]]\nfile = "other"\nwhen = ["hate"]\nunless = ["hate"]\n',
        "unless",
        'include "other": unless: "hate" stands in when too, so nothing of the file ever applies',
    ),
    "a cut-off that is no time": (
        '[office]\ncut_off = "4pm"\n',
        "cut_off",
        'office: cut_off: "4pm" is no time of day; write e.g. "16:00"',
    ),
    "hours that are none": (
        '[office]\nhours = { mon = "09:00-17:00" }\n',
        "hours",
        'office: hours.mon: "09:00-17:00" are no office hours; write e.g. "09:00 to 17:00"',
    ),
    "a day that is none": (
        '[office]\nhours = { monday = "09:00 to 17:00" }\n',
        "hours",
        'office: hours.monday: unknown key; did you mean "mon"?',
    ),
    "an office that never opens": (
        '[office]\nhours = { sun = "09:00 to 17:00" }\n',
        "hours",
        "office: hours: the office opens on no day from Monday to Friday",
    ),
    "an office that says nothing": (
        "[office]\n",
        "[office]",
        'office: says nothing; write cut_off = "16:00", or hours, or both',
    ),
    "offices, several": (
        '[[office]]\ncut_off = "16:00"\n',
        "[[office]]",
        "office: it stands once in a file; write [office]",
    ),
    "a target over a hundred": (
        '[[target]]\nid = "t"\ntitle = "T"\nmeasure = "closed"\nshare = 900\nwithin = "80 days"\n',
        "share",
        'target "t": share: 900 will not do; write a number from 1 to 100',
    ),
    "a target without a limit": (
        '[[target]]\nid = "t"\ntitle = "T"\nmeasure = "closed"\nshare = 90\n',
        "[[target]]",
        'target "t": within: is missing: measure = "closed" needs it; write within',
    ),
    "a target of an unknown rule": (
        '[[target]]\nid = "t"\ntitle = "T"\nmeasure = "met"\nshare = 90\nrule = "strat"\n',
        "rule",
        'target "t": rule: "strat" is no rule we know; declare it with [[deadline]]',
    ),
    "an override of an unknown table": (
        '[[override]]\ntable = "gates"\nid = "x"\n',
        "table",
        'override "x": table: "gates" is not allowed; write "deadline", "gate", "question"',
    ),
    "an override of a key its table has not": (
        '[[include]]\nfile = "other"\n[[override]]\ntable = "flag"\nid = "hate"\nlimit = "1 day"\n',
        "limit",
        'override "hate": limit: unknown key; one of id, title, priority, protective, removed_by',
    ),
    "a key twice": (
        '[[role]]\nid = "x"\nid = "y"\n',
        'id = "y"',
        "this key is given twice in its table",
    ),
    "a quote left open": (
        '[[role]]\nid = "x\ntitle = "X"\n',
        'id = "x',
        "this is not TOML: ",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_told_once_with_its_line_and_what_is_allowed(name: str, write) -> None:
    text, pointed_at, said = MISTAKES[name]
    write("", "other.toml")
    path = write(text)
    start = HEAD.count("\n")
    line = start + text[: text.index(pointed_at)].count("\n") + 1
    (only,) = told(path)
    assert only.startswith(f"own.toml:{line}: {said}")


def test_every_mistake_is_found_in_one_go_in_the_order_of_the_file(write) -> None:
    path = write(
        rule_with('starts = ["reprot"]', 'limit = "3 workdays"', "unnamed = 1")
        + '[[gate]]\nbefore = "close"\ntitle = 5\nclause = "1"\nneeds = ["haet"]\n'
    )
    mistakes = check(path)
    assert [(mistake.rule, mistake.key) for mistake in mistakes] == [
        ('deadline "x"', "starts"),
        ('deadline "x"', "limit"),
        ('deadline "x"', "unnamed"),
        ("gate 1", "before"),
        ("gate 1", "title"),
        ("gate 1", "needs"),
    ]
    assert [mistake.line for mistake in mistakes] == sorted(mistake.line for mistake in mistakes)


def test_a_mistake_in_an_included_file_names_that_file(write) -> None:
    included = write(rule_with('starts = ["reprot"]'), "other.toml")
    (mistake,) = check(write('[[include]]\nfile = "other"\n'))
    assert (mistake.file, mistake.line) == (str(included), line_of(included, "starts"))


def test_a_missing_include_does_not_make_every_name_unknown(write) -> None:
    path = write(
        '[[include]]\nfile = "elsewhere"\n[[override]]\nid = "y"\n' + rule_with('starts = ["done.y"]')
    )
    assert [mistake.key for mistake in check(path)] == ["file"]


def test_no_priority_at_all_is_a_mistake(write) -> None:
    head = HEAD[: HEAD.index("[[priority]]")]
    assert told(write("", head=head)) == [
        "own.toml:1: procedure: no priority is declared; "
        "write a [[priority]] for each, the most serious first"
    ]


def test_no_procedure_table_is_a_mistake(write) -> None:
    path = write('[[priority]]\nid = "A"\ntitle = "A"\n', head="")
    assert told(path) == ["own.toml:1: procedure: is missing; begin with [procedure]: id, version, title ..."]


def test_rules_that_wait_for_each_other_are_told_as_a_circle(write) -> None:
    text = rule_with('starts = ["missed.y"]') + rule_with('starts = ["missed.x"]').replace(
        'id = "x"', 'id = "y"'
    )
    (only,) = told(write(text))
    assert "it waits for itself: " in only
    assert only.count("→") == 2


def test_a_day_with_a_time_is_no_date(write) -> None:
    (only,) = told(write(rule_with(REPORT, "holds_from = 2026-05-01T10:00:00")))
    assert "holds_from: 2026-05-01T10:00:00 will not do; write a date" in only


# --- files that are no procedure files ---


def test_a_file_that_is_not_there_is_bad_input_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no procedure file"):
        check(tmp_path / "none.toml")


@pytest.mark.parametrize("name", [".", "a\0b", "x" * 5000])
def test_what_is_no_file_is_bad_input(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        check(str(tmp_path / name))


def test_a_pipe_is_bad_input_and_nothing_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(BadInput):
        check(tmp_path / "pipe.toml")


def test_ten_megabytes_are_refused_with_file_line_and_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_bytes(b"# comment\n" * 1_000_000)
    assert told(path) == ["big.toml:100001: the file is over 1 MB; a procedure file holds at most 1 MB"]


def test_latin_1_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b"# one\n# caf\xe9\n")
    assert told(path) == ["latin.toml:2: this is not UTF-8; save it as UTF-8"]


def test_what_windows_editors_add_does_no_harm(write) -> None:
    path = write("")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert check(path) == []


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "9" * 5_000,
        ".".join(["a"] * 200_000) + " = 1",
        "x = {" + ".".join(['"a"'] * 100_000) + " = 1}",
        "d = 9999-99-99",
        "t = 0001-01-01T00:00:00-23:59",
        "[[deadline]]\n" * 60_000,
        '[[gate]]\nneeds = ["q"]\n' * 30_000,
        "deadline = " + "[1, " * 30 + "1" + "]" * 30,
        "procedure = 1",
        "[[procedure]]",
        "procedure = []",
        "[procedure.id]\nx = 1",
        "[[deadline]]\n'' = 1",
        '"" = 1',
        '[[include]]\nfile = "a\\u0000b"',
        "[[include]]\nfile = 1",
        "[[override]]\n[[override]]\nid = 1",
        "[[deadline]]\nid = []\nlimit = [1, {}, []]",
        "[[priority]]\nid = 0x" + "f" * 100_000,
        "[[deadline]]\nlimit = " + "[" * 400 + "]" * 400,
        '[[include]]\nfile = "' + "a" * 100_000 + '"',
        '[[role]]\n"\u202e\u0007.x" = ' + "0x" + "f" * 10_000,
    ],
    ids=range(23),
)
def test_hostile_files_end_in_mistakes_and_soon(text: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    path.write_text(text)
    assert check(path)


SCRAPS = """[[include]]
[[override]]
[[fact]]
[[remedy]]
[[outcome]]
[[guidance]]
[[event]]
[[question]]
[gate]
[deadline.limit]
[[deadline.limit]]
file = "own"
drop = true
states = ["a"]
limit = [{}]
limit = [{ within = "x" }]
when = ["x"]
when = [""]
when = 1.5
id = 5
id = 1979-05-27
id = {}
id = nan
x = 10:00:00
procedure.id = 1
priority = []
"a.b" = 1
words = 1
options = 1
"" = { id = "x", title = "X" }
each = "victim"
unnamed = true
starts = ["missed.start"]
when_any = ["hate"]
before = ["event.x"]
replaces = ["start"]
met_by_all = ["close"]
"""
_SCRAPS = st.lists(st.sampled_from((HEAD + REPORT_RULE + SCRAPS).splitlines()), max_size=25).map("\n".join)
_FILES = st.binary(max_size=300) | _SCRAPS.map(str.encode) | _SCRAPS.map(lambda text: (HEAD + text).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(data=_FILES)
@example(data=b"\xff\xfe[")
@example(data=b"[[deadline]]\nid = ['x']\n[[deadline]]\nid = ['x']")
@example(data=HEAD.encode() + b"[[role]]\n'' = { id = 'x', title = 'X' }")
@example(data=HEAD.encode() + b"[[role]]\nwords = 1\noptions = 1\nlimit = [{}]")
@example(
    data=HEAD.encode()
    + b"deadline = [{ id = 'x', title = 'X', clause = '1', starts = ['report'], limit = [] }]"
)
def test_whatever_is_in_a_file_check_answers_and_what_it_passes_can_be_used(
    data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(data)
    mistakes = check(path)
    if not mistakes:
        assert load(path) == procedure_of(json.loads(json.dumps(compose(path))))
    for mistake in mistakes:
        assert mistake.line >= 1
        assert str(mistake).startswith(f"{path}:{mistake.line}: ")
        assert mistake.wrong


# --- what a file composes to ---


def rules(path: Path) -> dict[str, Any]:
    return {rule["id"]: rule for rule in compose(path)["deadline"]}


def test_a_rule_cites_its_document_and_takes_the_strength_of_the_file(write) -> None:
    path = write(REPORT_RULE, head=HEAD.replace('document = "Own"', 'document = "Own"\nstrength = "should"'))
    assert (rules(path)["start"]["source"], rules(path)["start"]["strength"]) == ("Own", "should")


def test_without_a_document_a_rule_cites_the_title_and_without_a_strength_it_must(write) -> None:
    path = write(REPORT_RULE, head=HEAD.replace('document = "Own"\n', ""))
    assert (rules(path)["start"]["source"], rules(path)["start"]["strength"]) == ("Our own procedure", "must")


def test_the_whole_is_plain_json_and_reads_as_a_procedure(write) -> None:
    path = write(REPORT_RULE + "holds_from = 2026-05-01\n")
    composed = compose(path)
    assert json.loads(json.dumps(composed)) == composed
    assert composed["procedure"]["in_force_from"] == "2026-04-01"
    procedure = load(path)
    assert (procedure.key, procedure.rank("1"), list(procedure.rules)) == ("our-own@2026-04", 0, ["start"])
    assert procedure.rules["start"].options[0].within.words == "1 working day"


def test_identity_and_version_are_the_top_files(write) -> None:
    write(REPORT_RULE, "other.toml", HEAD.replace("our-own", "theirs"))
    assert compose(write('[[include]]\nfile = "other"\n'))["procedure"]["id"] == "our-own"


def test_an_included_rule_keeps_the_document_it_stands_in(write) -> None:
    write(REPORT_RULE, "other.toml", HEAD.replace('"Own"', '"Theirs"'))
    assert rules(write('[[include]]\nfile = "other"\n'))["start"]["source"] == "Theirs"


CONDITIONED = (
    REPORT_RULE
    + 'when = ["anonymous"]\nunless = ["victim-known"]\n'
    + '[[gate]]\nbefore = ["close"]\ntitle = "G"\nclause = "1"\nneeds = ["anonymous"]\n'
    + '[[question]]\nid = "q"\ntext = "Q?"\nstep = "close"\n'
    + '[[guidance]]\non = ["report"]\ntext = "G"\n'
    + '[[outcome]]\nid = "o"\ntitle = "O"\n'
    + '[[fact]]\nid = "f"\nwhen = ["anonymous"]\n'
    + '[[category]]\nid = "c"\ntitle = "C"\npriority = 1\n'
)


def test_the_condition_of_an_include_holds_for_all_that_has_a_condition(write) -> None:
    write(CONDITIONED, "other.toml")
    composed = compose(
        write('[[include]]\nfile = "other"\nwhen = ["hate"]\nunless = ["relevant-authority"]\n')
    )
    (rule,) = composed["deadline"]
    assert rule["when"] == ["anonymous", "hate"]
    assert rule["unless"] == ["victim-known", "relevant-authority"]
    for kind in ("gate", "question", "guidance", "outcome"):
        assert [table["when"] for table in composed[kind]] == [["hate"]], kind
    assert composed["fact"] == [{"id": "f", "when": ["anonymous"]}]
    assert "when" not in composed["category"][0]


def test_one_of_each_of_two_lists_is_said_by_a_derived_fact(write) -> None:
    write(REPORT_RULE + 'when_any = ["anonymous", "victim-known"]\n', "other.toml")
    path = write('[[include]]\nfile = "other"\nwhen_any = ["hate", "relevant-authority"]\n')
    procedure = load(path)
    condition = procedure.rules["start"].condition

    def applies(*facts: str) -> bool:
        return condition.holds(procedure.with_derived(frozenset(facts)))

    assert applies("hate", "anonymous")
    assert applies("relevant-authority", "victim-known")
    assert not applies("hate", "relevant-authority")
    assert not applies("anonymous", "victim-known")


FACT_LISTS = st.fixed_dictionaries(
    {},
    optional={
        key: st.lists(
            st.sampled_from(["hate", "anonymous", "victim-known", "relevant-authority"]), max_size=2
        )
        for key in ("when", "when_any", "unless")
    },
)


def _toml(condition: dict[str, list[str]]) -> str:
    return "".join(f"{key} = {json.dumps(names)}\n" for key, names in condition.items())


def _holds(condition: dict[str, list[str]], facts: frozenset[str]) -> bool:
    return (
        set(condition.get("when", [])) <= facts
        and (not condition.get("when_any") or bool(facts & set(condition["when_any"])))
        and not facts & set(condition.get("unless", []))
    )


def _never_holds(condition: dict[str, list[str]]) -> bool:
    when, when_any, unless = (set(condition.get(key, [])) for key in ("when", "when_any", "unless"))
    return bool(when & unless) or bool(when_any and when_any <= unless)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    conditions=st.lists(FACT_LISTS, min_size=3, max_size=3),
    facts=st.frozensets(st.sampled_from(["hate", "anonymous", "victim-known", "relevant-authority"])),
)
def test_a_rule_applies_when_its_own_and_every_includes_condition_holds(
    conditions: list[dict[str, list[str]]], facts: frozenset[str], write
) -> None:
    assume(not any(_never_holds(condition) for condition in conditions))
    own, inner, outer = conditions
    write(REPORT_RULE + _toml(own), "innermost.toml")
    write('[[include]]\nfile = "innermost"\n' + _toml(inner), "inner.toml")
    procedure = load(write('[[include]]\nfile = "inner"\n' + _toml(outer)))
    applies = procedure.rules["start"].condition.holds(procedure.with_derived(facts))
    assert applies == all(_holds(condition, facts) for condition in conditions)


def test_an_override_replaces_the_keys_it_gives_and_no_others(write) -> None:
    write(REPORT_RULE, "other.toml")
    path = write('[[include]]\nfile = "other"\n[[override]]\nid = "start"\nlimit = "2 working days"\n')
    rule = rules(path)["start"]
    assert (rule["limit"], rule["starts"], rule["source"]) == ("2 working days", ["report"], "Own")


def test_an_empty_list_in_an_override_takes_the_key_away(write) -> None:
    write(REPORT_RULE, "other.toml")
    path = write(
        '[[include]]\nfile = "other"\n[[override]]\nid = "start"\nlimit = []\nact_within = "1 working day"\n'
    )
    assert "limit" not in rules(path)["start"]


def test_an_override_leaves_the_condition_of_the_include_on_the_rule(write) -> None:
    write(REPORT_RULE + 'when = ["anonymous"]\n', "other.toml")
    path = write(
        '[[include]]\nfile = "other"\nwhen = ["hate"]\n[[override]]\nid = "start"\nwhen = ["victim-known"]\n'
    )
    assert rules(path)["start"]["when"] == ["victim-known", "hate"]


def test_a_mistake_in_an_override_points_at_the_override(write) -> None:
    write(REPORT_RULE, "other.toml")
    path = write('[[include]]\nfile = "other"\n[[override]]\nid = "start"\nlimit = "soon"\n')
    (only,) = told(path)
    assert only.startswith(f"own.toml:{line_of(path, 'limit')}: deadline \"start\": limit: 'soon'")


def test_an_override_reaches_every_other_table_by_its_name(write) -> None:
    write(
        '[[role]]\nid = "boss"\ntitle = "Boss"\n'
        '[[category]]\nid = "noise"\ntitle = "Noise"\npriority = 1\n'
        '[[gate]]\nid = "ask"\nbefore = ["close"]\ntitle = "G"\nclause = "1"\nneeds = ["anonymous"]\n'
        '[[question]]\nid = "q"\ntext = "Q?"\nstep = "close"\n'
        '[[guidance]]\nid = "call"\non = ["hate"]\ntext = "Telephone 1"\n'
        '[[outcome]]\nid = "o"\ntitle = "O"\n',
        "other.toml",
    )
    procedure = load(
        write(
            '[[include]]\nfile = "other"\n'
            '[[override]]\ntable = "category"\nid = "noise"\ntitle = "Loud noise"\n'
            '[[override]]\ntable = "gate"\nid = "ask"\nrole = "boss"\n'
            '[[override]]\ntable = "question"\nid = "q"\ndrop = true\n'
            '[[override]]\ntable = "guidance"\nid = "call"\ntext = "Telephone 2"\n'
            '[[override]]\ntable = "outcome"\nid = "o"\nresolved = true\n'
            '[[override]]\ntable = "flag"\nid = "hate"\nprotective = true\n'
            '[[override]]\ntable = "priority"\nid = 1\ntitle = "First"\n',
            head=HEAD[: HEAD.index("[[priority]]")],
        )
    )
    assert procedure.categories["noise"].title == "Loud noise"
    assert (procedure.gates[0].role, procedure.gates[0].title) == ("boss", "G")
    assert procedure.questions == {}
    assert procedure.guidance[0].text == "Telephone 2"
    assert procedure.outcomes["o"].resolved
    assert procedure.flags["hate"].protective
    assert procedure.priorities[0].title == "First"


def test_rules_that_start_only_each_other_never_start(write) -> None:
    path = write(
        rule_with('starts = ["done.y"]') + rule_with('starts = ["done.x"]').replace('id = "x"', 'id = "y"')
    )
    assert [(mistake.rule, mistake.key) for mistake in check(path)] == [
        ('deadline "x"', "starts"),
        ('deadline "y"', "starts"),
    ]


def test_one_rule_overridden_on_one_of_two_ways_to_it_is_a_mistake(write) -> None:
    write(REPORT_RULE, "shared.toml")
    write('[[include]]\nfile = "shared"\n[[override]]\nid = "start"\nlimit = "2 days"\n', "a.toml")
    write('[[include]]\nfile = "shared"\n', "b.toml")
    (only,) = told(write('[[include]]\nfile = "a"\n[[include]]\nfile = "b"\n'))
    assert "one included file overrides it and another does not" in only


def test_office_hours_are_the_files_own_or_those_it_includes(write) -> None:
    four, five = (f'[office]\ncut_off = "{hour}:00"\n' for hour in (16, 17))
    write(four, "a.toml")
    write(five, "b.toml")
    both = '[[include]]\nfile = "a"\n[[include]]\nfile = "b"\n'
    assert load(write('[[include]]\nfile = "a"\n')).office == load(write(four)).office
    assert load(write(both + five)).office == load(write(five)).office
    (only,) = told(write(both))
    assert "the included files have different office hours; write [office] in this file" in only


def test_a_dropped_rule_is_gone_and_may_be_written_anew(write) -> None:
    write(REPORT_RULE, "other.toml")
    top = '[[include]]\nfile = "other"\n[[override]]\nid = "start"\ndrop = true\n'
    assert rules(write(top)) == {}
    assert rules(write(top + REPORT_RULE.replace('"Start"', '"Anew"')))["start"]["title"] == "Anew"


def test_the_same_declared_alike_in_two_files_is_one(write) -> None:
    write(REPORT_RULE, "other.toml")
    composed = compose(write('[[include]]\nfile = "other"\n' + REPORT_RULE))
    assert [len(composed[kind]) for kind in ("priority", "flag", "deadline")] == [1, 1, 1]


def test_the_same_declared_differently_is_a_mistake_that_names_the_other_place(write) -> None:
    other = write(REPORT_RULE, "other.toml")
    path = write('[[include]]\nfile = "other"\n' + REPORT_RULE.replace("1 working", "2 working"))
    (only,) = told(path)
    assert f'deadline "start": id: declared differently in {other}:{line_of(other, "[[deadline]]")}; ' in only
    assert "or change the included one with [[override]]" in only


def test_one_file_by_two_ways_is_one(write) -> None:
    write(CONDITIONED, "shared.toml")
    write('[[include]]\nfile = "shared"\n', "a.toml")
    write('[[include]]\nfile = "shared"\n', "b.toml")
    path = write('[[include]]\nfile = "a"\n[[include]]\nfile = "b"\n')
    composed = compose(path)
    assert [len(composed[kind]) for kind in ("deadline", "gate", "guidance")] == [1, 1, 1]


def test_one_file_under_two_conditions_is_a_mistake(write) -> None:
    write(REPORT_RULE, "other.toml")
    path = write(
        '[[include]]\nfile = "other"\nwhen = ["hate"]\n[[include]]\nfile = "other"\nwhen = ["anonymous"]\n'
    )
    (only,) = told(path)
    assert "the file is included twice, under different conditions" in only


def test_files_that_include_each_other_are_told_as_a_circle(write) -> None:
    write('[[include]]\nfile = "b"\n', "a.toml")
    write('[[include]]\nfile = "a"\n', "b.toml")
    (only,) = told(write('[[include]]\nfile = "a"\n'))
    assert only.startswith(f"b.toml:{HEAD.count(chr(10)) + 2}: ")
    assert only.endswith("it includes itself: a → b → a")


def test_includes_that_go_too_deep_are_refused(write) -> None:
    for depth in range(12):
        write(f'[[include]]\nfile = "f{depth + 1}"\n', f"f{depth}.toml")
    path = write("", "f12.toml").with_name("f0.toml")
    (only,) = told(path)
    assert "included too deep; at most 8 files inside each other" in only


def test_includes_that_double_at_each_step_end(write) -> None:
    for depth in range(7):
        both = f'[[include]]\nfile = "f{depth + 1}"\n' * 2
        write(both, f"f{depth}.toml")
    path = write("", "f7.toml").with_name("f0.toml")
    assert any("too many files; at most 64 includes in all" in line for line in told(path))


TWO_LEVELS = HEAD + '[[priority]]\nid = 2\ntitle = "Priority Two"\n'


def test_a_file_with_priorities_of_its_own_lists_them_all_in_its_order(write) -> None:
    write("", "other.toml", TWO_LEVELS)
    (only,) = told(write('[[include]]\nfile = "other"\n'))
    assert '"2", which an included file has, is not among these; list every priority here' in only
    above = '[[priority]]\nid = 2\ntitle = "Priority Two"\n'
    path = write('[[include]]\nfile = "other"\n', head=HEAD.replace("[[priority]]", above + "[[priority]]"))
    assert [level.id for level in load(path).priorities] == ["2", "1"]


def test_included_files_whose_priorities_differ_need_a_list(write) -> None:
    write("", "a.toml")
    write("", "b.toml", TWO_LEVELS)
    head = HEAD[: HEAD.index("[[priority]]")]
    (only,) = told(write('[[include]]\nfile = "a"\n[[include]]\nfile = "b"\n', head=head))
    assert "the included files have different priorities" in only


def test_a_digest_tells_what_is_said_and_not_how_it_is_written(write) -> None:
    one = compose(write(REPORT_RULE))
    other = compose(write("\n# a comment\n" + REPORT_RULE.replace('clause = "1"', "clause = '1'")))
    changed = compose(write(REPORT_RULE.replace("1 working", "2 working")))
    assert digest(one) == digest(other) != digest(changed)
    assert len(digest(one)) == 64


def test_a_file_with_mistakes_is_not_loaded_and_the_refusal_holds_them_all(write) -> None:
    path = write(rule_with('starts = ["reprot"]', 'limit = "soon"'))
    with pytest.raises(BadInput) as refused:
        load(path)
    assert refused.value.problem == "\n".join(str(mistake) for mistake in check(path))
    assert refused.value.problem.count("\n") == 1
    assert refused.value.hint == f"asb procedure check {path}"


def test_a_built_in_name_is_found_without_its_folder(write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(REPORT_RULE)
    monkeypatch.setattr(finding, "BUILT_IN", path.parent)
    assert list(load("own").rules) == ["start"]


def test_what_the_author_wrote_is_shown_in_full_but_short_and_harmless(write) -> None:
    path = write('[[flag]]\nid = "x"\ntitle = "X"\nremoved_by = "\\u001b[31m' + "b" * 200 + '"\n')
    (only,) = told(path)
    assert "\x1b" not in only
    assert "…" in only


def test_mistakes_say_file_line_rule_key_wrong_and_allowed() -> None:
    whole = Mistake("f.toml", 3, 'gate "x"', "role", "is wrong", "write y")
    assert str(whole) == 'f.toml:3: gate "x": role: is wrong; write y'
    assert str(Mistake("f.toml", 3, "", "", "is wrong")) == "f.toml:3: is wrong"


# --- where things stand ---


@dataclass
class Generated:
    """TOML text, and the line each key was written on."""

    lines: list[str] = field(default_factory=list)
    places: dict[tuple[str, int, str], int] = field(default_factory=dict)


_KEYS = st.sampled_from(["id", "limit", "when", "a-b", "x_1", "true", "1979"])
_SPACE = st.sampled_from(["", " ", "\t", "  "])
_COMMENTS = st.sampled_from(["", " # [[deadline]]", ' # "', " # '''", " # ["])
# Each looks like something it is not.
_VALUES = st.sampled_from(
    [
        "1",
        "true",
        "2026-04-01",
        '"plain"',
        '"a # b"',
        '"[[deadline]]"',
        r'"quoted \" and \\"',
        "'C:\\'",
        '"""\n[[deadline]]\nid = "no"\n"""',
        '"""ends on two of its own"""""',
        '"""' + r'\"""' + '\n# no """',
        '""""""',
        "'''\nlimit = 1\n\"\"\"\n'''",
        "'''ends so'''''",
        '[\n  "a", # ]\n  "]",\n  [1, 2],\n]',
        '[ { within = "24 hours" },\n  { within = """\n]""" } ]',
        "{ a = 1, b = [\n] }",
        "[]",
    ]
)
_QUOTES = st.sampled_from(["{}", '"{}"', "'{}'"])


@st.composite
def _documents(draw: st.DrawFn) -> Generated:
    made = Generated()
    seen: dict[str, int] = {}
    for _ in range(draw(st.integers(0, 6))):
        name = draw(st.sampled_from(["deadline", "gate", "priority"]))
        number = seen[name] = seen.get(name, -1) + 1
        gap, quotes = draw(_SPACE), draw(_QUOTES)
        made.places[name, number, ""] = _next(made)
        made.lines.append(f"{gap}[[{gap}{quotes.format(name)}{gap}]]{gap}{draw(_COMMENTS)}")
        for key in draw(st.lists(_KEYS, unique=True, max_size=4)):
            made.lines += draw(st.lists(st.sampled_from(["", "  ", "# id = 1", "# '''"]), max_size=2))
            made.places[name, number, key] = _next(made)
            quoted = draw(_QUOTES).format(key)
            made.lines.append(f"{gap}{quoted}{gap}={gap}{draw(_VALUES)}{draw(_COMMENTS)}")
    return made


def _next(made: Generated) -> int:
    return "\n".join([*made.lines, ""]).count("\n") + 1


@given(_documents())
def test_every_key_is_found_on_the_line_it_was_written_on(made: Generated) -> None:
    text = "\n".join(made.lines)
    tomllib.loads(text)
    assert lines_of(text) == made.places


def test_longer_names_count_for_their_first_two_parts() -> None:
    text = """procedure.id = "x"

[[deadline]]
id = "a"
[[deadline.limit]]
within = "1 day"
[[deadline.limit]]
within = "2 days"
[[deadline]]
"b\\u0063".d = 1
"""
    tomllib.loads(text)
    assert lines_of(text) == {
        ("procedure", 0, ""): 1,
        ("procedure", 0, "id"): 1,
        ("deadline", 0, ""): 3,
        ("deadline", 0, "id"): 4,
        ("deadline", 0, "limit"): 5,
        ("deadline", 1, ""): 9,
        ("deadline", 1, "bc"): 10,
    }


@given(st.text(alphabet="[]{}=\"'#.\\\n\t abc1,-", max_size=60))
def test_whatever_the_standard_reader_accepts_can_be_scanned(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = {name for name, _, key in lines_of(text) if not key}
    assert found == set(document)


# --- the procedures that come with the program ---

BUILT_IN = ("sanctuary-scotland", "model-procedure", "partnership", "wha-domestic-violence", "default")


def test_these_procedures_are_built_in() -> None:
    assert reading.built_in() == tuple(sorted(BUILT_IN))


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_procedure_has_no_mistake(name: str) -> None:
    assert [str(mistake) for mistake in check(name)] == []


LIMITS = """
start-investigation outline-agreement witness-interview perpetrator-interview perpetrator-interview-hate
delay-review delay-reason monitoring offensive-graffiti emergency-repair hate-review-initial hate-review-plan
hate-review-progress hate-review-fortnightly weekly-contact agreed-contact diary-return plan-action
consider-closing abc-review notice-of-proceedings notice-earliest notice-lapse section-11-notice
ssst-conversion ssst-notice ssst-term ssst-extension-notice subject-access settling-in-visit tenancy-visit
procedure-review
"""
OPEN_ITEMS = """
call-999 suicide-response safeguarding-referral security-measures handler-told agree-contact action-plan
risk-assessment tell-victim-outcome specialist-referral refusal-warning-letter warning-confirmation
escalation-decision landlord-director-notified committee-report court-letter eviction-report copied-case
copied-vulnerability copied-notepad closing-review closure-letter closure-agencies closure-alerts
closure-survey support-after-closure effectiveness-review appeal-review board-report
"""


def test_the_default_procedure_has_every_rule_that_scripts_filter_on() -> None:
    assert set((LIMITS + OPEN_ITEMS).split()) - set(load("default").rules) == set()
