"""The verb `completion`: print a script with which a shell completes verbs and options.

The scripts are made from the parser: by `shtab` for bash, tcsh and zsh, and here for PowerShell. They do not read
content, so names of topics and audiences are not completed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from handouts.cli.arguments import make_parser
from handouts.cli.terminal import print_lines
from handouts.finding import HandoutError, Location, error, suggest_name

_POWERSHELL = "powershell"
_SHELLS = ("bash", _POWERSHELL, "tcsh", "zsh")
# Before a known verb, verbs are completed; after one, its options.
_POWERSHELL_END = """\
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $verb = if ($words.Count -gt 1 -and $known.ContainsKey($words[1])) { $words[1] } else { '' }
    $known[$verb] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}"""


def run_completion(options: argparse.Namespace) -> int:
    """Print the script for a shell, and return the exit code. HandoutError if there is none for it."""
    if options.shell not in _SHELLS:
        hint = suggest_name(options.shell, _SHELLS)
        raise HandoutError(error("usage", f"There is no script for '{options.shell}'.", Location("completion"), hint))
    parser = make_parser()
    if options.shell == _POWERSHELL:
        print_lines(*_powershell_lines(parser))
        return 0
    import shtab

    print_lines(*shtab.complete(parser, shell=options.shell).rstrip("\n").split("\n"))
    return 0


def _powershell_lines(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the lines of a script for PowerShell: a table of the options of each verb, and a lookup in it."""
    verbs = _verbs_of(parser)
    yield "Register-ArgumentCompleter -Native -CommandName handouts -ScriptBlock {"
    yield "    param($wordToComplete, $commandAst, $cursorPosition)"
    yield "    $known = @{"
    yield f"        '' = {_powershell_list((*verbs, *_long_options(parser)))}"
    for name, verb in verbs.items():
        yield f"        '{name}' = {_powershell_list(_words_after(verb))}"
    yield "    }"
    yield from _POWERSHELL_END.split("\n")


def _verbs_of(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Return the parser of each verb; none if it has no verbs."""
    found = (each.choices for each in parser._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001
    return next(found, {})


def _words_after(verb: argparse.ArgumentParser) -> tuple[str, ...]:
    """Return the words that may follow a verb: its own verbs, and the long options of all of them."""
    own = _verbs_of(verb)
    options = (option for each in (verb, *own.values()) for option in _long_options(each))
    return (*own, *dict.fromkeys(options))


def _long_options(parser: argparse.ArgumentParser) -> tuple[str, ...]:
    """Return the long names of the options of a parser."""
    return tuple(each for each in parser._option_string_actions if each.startswith("--"))  # noqa: SLF001


def _powershell_list(words: tuple[str, ...]) -> str:
    """Return words as a PowerShell list; none of them may contain a quotation mark."""
    return "@('{}')".format("', '".join(words))
