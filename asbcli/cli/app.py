"""The app: its commands in the order of a case's life, loaded when called; every error told in one place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup, TyperOption

from asbcli import __version__
from asbcli.cli.desk import Desk, prepare_streams
from asbcli.errors import AsbError, BadInput, CheckFailed, DatabaseUnusable
from asbcli.settings import COLOURS


class Verb(NamedTuple):
    """A command that changes a case: the form of its name says what it asks for, `where` what it calls."""

    name: str
    where: str
    help: str


class Page(NamedTuple):
    """A command written by hand: a function that takes Typer's parameters, or a Typer app of several."""

    name: str
    where: str
    help: str


Row = Verb | Page

COMMANDS: dict[str, tuple[Row, ...]] = {
    "A report comes in": (
        Verb("open", "asbcli.casework.opening:open_case", "Take down a report and open its case"),
        Verb("log-incident", "asbcli.casework.investigating:log_incident", "Log a further incident"),
        Page("search", "asbcli.cli.lists:search", "Find cases by any word in them"),
    ),
    "Investigating": (
        Verb("interview", "asbcli.casework.investigating:interview", "Record an interview, or why there is none yet"),
        Verb("contact", "asbcli.casework.investigating:contact", "Record a contact made, tried or received"),
        Verb("note", "asbcli.casework.investigating:note", "Keep a note"),
        Page("evidence", "asbcli.cli.exhibits:evidence", "Keep files as evidence"),
        Verb("answer", "asbcli.casework.investigating:answer", "Answer a question of the checklist"),
        Page("checklist", "asbcli.cli.onecase:checklist", "Show what the procedure asks, and what is open"),
        Verb("person", "asbcli.casework.people:person", "Name someone in a case, and what is known of them"),
        Verb("consent", "asbcli.casework.investigating:consent", "Record a consent given or withdrawn"),
        Verb("flag", "asbcli.casework.changing:flag", "Set or remove a flag"),
        Verb("change", "asbcli.casework.changing:change", "Change priority, category, officer or contact"),
        Verb("link", "asbcli.casework.changing:link", "Link two cases that belong together"),
    ),
    "Acting": (
        Verb("plan", "asbcli.casework.acting:plan", "Keep the action plan"),
        Verb("review", "asbcli.casework.acting:review", "Record a review with the line manager"),
        Verb("repair", "asbcli.casework.acting:repair", "Record a repair or a removal"),
        Verb("diary", "asbcli.casework.acting:diary", "Record diary sheets issued or returned"),
        Verb("risk", "asbcli.casework.acting:risk", "Record a risk assessment"),
        Verb("agency", "asbcli.casework.acting:agency", "Record what went to an agency, and what came of it"),
        Verb("disclose", "asbcli.casework.disclosing:disclose", "Tell an agency something, and log it"),
        Verb("letter", "asbcli.casework.writing:letter", "Write a letter, and log that it was sent"),
        Verb("dsar", "asbcli.casework.writing:subject_access", "Answer a subject access request"),
        Verb("warn", "asbcli.casework.acting:warn", "Record a warning"),
        Verb("remedy", "asbcli.casework.acting:remedy", "Record mediation, a contract, support and the like"),
        Verb("event", "asbcli.casework.acting:event", "Record a dated fact: a notice, a decree, a conviction"),
        Verb("done", "asbcli.casework.acting:done", "Mark an open deadline as met, by its name"),
    ),
    "Closing": (
        Verb("close", "asbcli.casework.closing:close", "Close a case"),
        Verb("appeal", "asbcli.casework.closing:appeal", "Record an appeal"),
        Verb("reopen", "asbcli.casework.opening:reopen", "Open a new case that follows from a closed one"),
        Verb("correct", "asbcli.casework.changing:correct", "Put an earlier entry right"),
    ),
    "What is due, and why": (
        Page("due", "asbcli.cli.due:due", "List what is due, overdue first"),
        Page("list", "asbcli.cli.lists:list_cases", "List cases"),
        Page("repeats", "asbcli.cli.lists:repeats", "List who and where it happens again"),
        Page("targets", "asbcli.cli.lists:targets", "Show how far the procedure's targets are met"),
        Page("show", "asbcli.cli.onecase:show", "Show one case"),
        Page("history", "asbcli.cli.onecase:history", "Show a case's log"),
        Page("explain", "asbcli.cli.onecase:explain", "Show how a date was counted"),
    ),
    "The register": (
        Page("tenancy", "asbcli.cli.office:tenancy", "Keep tenancies and their visits"),
        Page("role", "asbcli.cli.office:role", "Say who holds which role"),
        Page("calendar", "asbcli.cli.admin:calendar", "Keep the calendar of working days"),
        Page("procedure", "asbcli.cli.admin:procedure", "Show, check and adopt procedures"),
        Page("export", "asbcli.cli.documents:export", "Write a table as CSV or JSON"),
        Page("import", "asbcli.cli.documents:import_reports", "Take in reports from a CSV file"),
        Page("init", "asbcli.cli.admin:init", "Make a register"),
        Page("migrate", "asbcli.cli.keeping:migrate", "Bring a register up to date"),
        Page("backup", "asbcli.cli.keeping:backup", "Write a verified copy of the register"),
        Page("restore", "asbcli.cli.keeping:restore", "Bring a backup into place"),
        Page("dump", "asbcli.cli.keeping:dump", "Write the whole register as JSON Lines"),
        Page("load", "asbcli.cli.keeping:load", "Make a register of such lines"),
        Page("retention", "asbcli.cli.erasing:retention", "List what is due for review, hold or keep it"),
        Page("redact", "asbcli.cli.erasing:redact", "Erase what entries say, for good"),
        Page("encrypt", "asbcli.cli.keeping:encrypt", "Write the register anew, encrypted"),
        Page("verify", "asbcli.cli.admin:verify", "Check the log and every row that follows from it"),
        Page("doctor", "asbcli.cli.admin:doctor", "Check the settings and this machine"),
        Page("demo", "asbcli.cli.admin:demo", "Look round with made-up cases"),
    ),
}


EXAMPLES: dict[str, tuple[str, ...]] = {
    "open": (
        "asb open                       asks, immediate danger first",
        "asb open --category noise --definition nuisance --complainant 'Jane Souter' \\",
        "    --received 'fri 16:40' --summary 'Loud music after midnight'",
        "asb open --answers report.json nothing personal on the command line",
    ),
    "interview": (
        "asb interview 7 victim --at 'fri 10:00' --contact-every '1 week'",
        "asb interview 7 perpetrator --arranged 'tue 14:00'",
    ),
    "review": ("asb review 7                   asks, and proposes the next stage",),
    "close": (
        "asb close 7                    asks",
        "asb close 7 --outcome resolved-by-warning --discussed fri --final-letter today",
    ),
    "due": (
        "asb due --mine                 what I have to do, five working days ahead",
        "asb due --until 31/12 --csv    for a spreadsheet",
        "asb due --on 2026-11-20        as things stood that day",
    ),
    "explain": (
        "asb explain 7                  why the earliest open date is what it is",
        "asb explain 7 witness-interview --person 'Ann Baird'",
    ),
}


def run(arguments: Sequence[str], commands: dict[str, tuple[Row, ...]] = COMMANDS, *, last: bool = False) -> int:
    """Do what the command line says, and return the exit code of the contract.

    `last`: the process ends with it, so an interrupt after a change has come too late.
    """
    prepare_streams()
    desk = Desk()
    desk.watch_interrupts()
    try:
        _obey(desk, arguments, commands)
        desk.deliver()
        return 0
    except KeyboardInterrupt:
        return _left(desk)
    except Exception as fault:
        return _told(desk, fault)
    finally:
        if not last:
            desk.leave()


def _obey(desk: Desk, arguments: Sequence[str], commands: dict[str, tuple[Row, ...]]) -> None:
    for place, argument in enumerate(arguments, 1):
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise BadInput(f"word {place} of the command line is not valid UTF-8 text", "type it anew")
    program = Program(commands)
    with program.make_context("asb", _as_options(arguments), obj=desk) as ctx:
        program.invoke(ctx)


def _left(desk: Desk) -> int:
    """Say to an officer who leaves a form that nothing of it is kept."""
    if desk.at_terminal and not desk.saved:
        desk.tell("\nnothing was saved")
    return 130


def _as_options(arguments: Sequence[str]) -> list[str]:
    """The words as they are parsed: `asb help open` is `asb open --help`, and none at all ask for help."""
    words = list(arguments) or ["--help"]
    return [*words[1:], "--help"] if words[0] == "help" else words


def _told(desk: Desk, fault: Exception) -> int:
    """Tell what went wrong as `error:` and `hint:`, and return its exit code."""
    if isinstance(fault, typer.Exit):
        return _delivered(desk, fault.exit_code)
    if (
        type(fault).__name__ == "NoArgsIsHelpError"
    ):  # the message is the help of a command named without its step
        desk.say(str(getattr(fault, "message", "")).strip() + "\n")
        return _delivered(desk, 0)
    if isinstance(fault, EOFError | typer.Abort) or (desk.interrupted and not desk.saved):
        return _left(desk)
    if isinstance(fault, BrokenPipeError) and not desk.saved:
        return 0
    refusal = _refusal(desk, fault)
    if isinstance(refusal, CheckFailed):
        _delivered(desk, refusal.exit_code)
    desk.tell_refusal(refusal)
    return refusal.exit_code


def _delivered(desk: Desk, code: int) -> int:
    try:
        desk.deliver()
    except AsbError as fault:
        return _told(desk, fault)
    return code


def _refusal(desk: Desk, fault: Exception) -> AsbError:
    """The fault as an officer can use it: nothing of an unexpected one but its kind, which names nobody."""
    if isinstance(fault, AsbError):
        return fault
    if isinstance(fault, typer.TyperException):
        return _usage(fault, f"asb {desk.command}".strip())
    if os.environ.get("ASB_TRACEBACK") == "1":
        raise fault
    if (known := _known(desk, fault)) is not None:
        return known
    saved = f"; {desk.saved} was saved" if desk.saved else ""
    return AsbError(
        f"an unexpected fault ({type(fault).__name__}){saved}",
        "ASB_TRACEBACK=1 before the command shows where; it may show names",
    )


def _known(desk: Desk, fault: Exception) -> AsbError | None:
    """What is the register's fault or the machine's: told by what it is."""
    kind = type(fault)
    if kind.__module__ == "sqlite3":
        from asbcli.store.read import unusable

        return unusable(fault, desk.settings.path)  # type: ignore[arg-type]
    if kind.__name__ == "ZoneInfoNotFoundError":
        return AsbError(
            "this machine has no time zone database, so London's clock is not known; nothing was saved",
            "install tzdata (python -m pip install tzdata)",
        )
    if isinstance(fault, OSError) and not desk.saved:
        return _of_machine(fault)
    return None if desk.saved else _damage(desk)


def _of_machine(fault: OSError) -> AsbError:
    """What the machine could not do: told by the file it was about."""
    from asbcli.store.files import NO_ROOM, disk_full

    if fault.errno in NO_ROOM:
        return disk_full()
    try:
        os.getcwd()
    except FileNotFoundError:
        return DatabaseUnusable("the folder you are in was removed; nothing was saved", "cd to one that is there")
    where = f"{fault.filename}: " if fault.filename else ""
    return AsbError(f"{where}{fault.strerror or type(fault).__name__}; nothing was saved",
                    "check that name, and who may open it")


def _damage(desk: Desk) -> AsbError | None:
    """What is first found wrong with the register: rows changed behind its back make a command stumble."""
    import sqlite3

    from asbcli.casework.verify import verify
    from asbcli.store import read

    try:
        path = desk.settings.path
        with closing(read.connect(path)) as connection:
            found = next(verify(connection, files=False, progress=desk.paced()), None)
    except (AsbError, sqlite3.Error):
        return None
    except UnicodeDecodeError:  # what SQLite says of a damaged file quotes bytes of it
        found = "what it says of its own tables cannot be read"
    if found is None:
        return None
    return DatabaseUnusable(f"{path} is damaged: {found.removeprefix('the file is damaged: ')}; nothing was saved",
                            "asb verify tells all of it; asb restore brings a backup into place")


def _usage(fault: typer.TyperException, command: str) -> BadInput:
    """What Typer found wrong with the command line."""
    hint = f"{command} --help shows what it takes"
    if known := getattr(fault, "possibilities", None):
        hint = f"did you mean {' or '.join(known)}? {hint}"
        return BadInput(f"there is no option {getattr(fault, 'option_name', '')}", hint)
    message = fault.format_message().rstrip(".")
    return BadInput(message[:1].lower() + message[1:], hint)


class Program(TyperGroup):
    """The command `asb`: its help and its list of commands come from the table; modules wait to be called."""

    def __init__(self, commands: dict[str, tuple[Row, ...]]) -> None:
        self.sections = commands
        self.rows = {row.name: row for rows in commands.values() for row in rows}
        super().__init__(
            name="asb",
            params=[*_global_options()],
            help="Anti-social-behaviour cases: what must be done, by when, under which clause, and why.",
            epilog="asb COMMAND --help says what a command takes; the options above go before or after it.",
            add_help_option=False,
            rich_markup_mode=None,
        )

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order of the table."""
        return list(self.rows)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, made now. Raises BadInput with the nearest name where there is none."""
        if cmd_name not in self.rows:
            near = get_close_matches(cmd_name, self.rows, 3)
            meant = f"did you mean {' or '.join(near)}?" if near else "asb --help lists the commands"
            raise BadInput(f"there is no command {cmd_name[:40]!r}", meant)
        ctx.obj.command = cmd_name
        return _made(self.rows[cmd_name])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The table, by its headings."""
        for heading, rows in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(row.name, row.help) for row in rows])


def _made(row: Row) -> Any:
    """The command of a row of the table."""
    if isinstance(row, Verb):
        from asbcli.cli.verbs import VerbCommand

        command = VerbCommand(row.name, lambda: _load(row.where), row.help)
        command.epilog = "\n\n".join(filter(None, (_examples(row.name), command.epilog)))
        return _with_globals(command)
    found = _load(row.where)
    if not isinstance(found, typer.Typer):
        app = plain_typer()
        app.command(row.name, help=f"{row.help}.")(found)
        found = app
    made = typer.main.get_command(found)
    made.help = made.help or f"{row.help}."
    made.epilog = _examples(row.name)
    # A command of several steps, named without one, shows them.
    made.no_args_is_help = bool(getattr(made, "commands", None))
    return _with_globals(made)


def _examples(name: str) -> str | None:
    """The examples of a command as its help ends with them, lines kept."""
    lines = EXAMPLES.get(name, ())
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)]) if lines else None


def _load(where: str) -> Any:
    """What `module:name` names."""
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def plain_typer() -> typer.Typer:
    """A Typer app without Rich's boxes, for a command with steps of its own (`asb calendar show`)."""
    return typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


def _with_globals(command: Any) -> Any:
    """The command, and those under it, with the options that may stand anywhere."""
    command.add_help_option = False
    command.params.extend(_global_options(hidden=True))
    for each in getattr(command, "commands", {}).values():
        _with_globals(each)
    return command


def _global_options(*, hidden: bool = False) -> list[TyperOption]:
    """The options that go before or after the command; the one nearest to the end counts."""

    def remember(ctx: Any, param: Any, value: str | None) -> None:
        if value is not None:
            ctx.obj.flags[param.opts[0].lstrip("-")] = value

    def switch(ctx: Any, param: Any, value: bool | None) -> None:
        if value:
            setattr(ctx.obj, param.name, True)

    def show(ctx: Any, param: Any, value: bool | None) -> None:
        if value:
            ctx.obj.say(f"asb {__version__}\n" if param.name == "version" else ctx.get_help() + "\n")
            raise typer.Exit

    def option(*names: str, **details: Any) -> TyperOption:
        return TyperOption(param_decls=[*names], expose_value=False, hidden=hidden, **details)

    return [
        option("--db", metavar="PATH|URL", callback=remember, help="the register (or ASB_DB)"),
        option("--as", metavar="NAME", callback=remember, help="who is acting (or ASB_AS)"),
        option("--no-input", is_flag=True, callback=switch, help="ask nothing, even at a terminal"),
        option("--colour", metavar="|".join(COLOURS), callback=remember, help="colour the answer"),
        option("--quiet", is_flag=True, callback=switch, help="of a change, print only the reference"),
        option("--version", is_flag=True, is_eager=True, callback=show, help="print the version"),
        option("--help", is_flag=True, is_eager=True, callback=show, help="print this"),
    ]
