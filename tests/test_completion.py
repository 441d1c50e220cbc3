"""Shell completion: all verbs and options of the parser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from command_folder import CommandFolder
from validators import required_tool

SHELLS = ("bash", "zsh", "tcsh", "powershell")


def script_for(folder: CommandFolder, shell: str) -> str:
    ran = folder.run("completion", shell)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_all_verbs_and_the_options_of_each(empty: CommandFolder, shell: str) -> None:
    script = script_for(empty, shell)
    for word in ("build", "completion", "new", "audiences", "minutes", "stale"):
        assert word in script


def test_bash_completes_verbs_and_options(empty: CommandFolder, tmp_path: Path) -> None:
    bash = required_tool("bash")
    file = tmp_path / "completion.bash"
    file.write_text(script_for(empty, "bash"), encoding="utf-8", newline="\n")
    typed = f"""
    source '{file.as_posix()}'
    COMP_WORDS=(handouts doc); COMP_CWORD=1; _shtab_handouts; echo "${{COMPREPLY[@]}}"
    COMP_WORDS=(handouts new --serv); COMP_CWORD=2; _shtab_handouts; echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run([bash, "-c", typed], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["doctor", "--service"]


def test_powershell_lists_the_options_of_a_verb_in_its_line(empty: CommandFolder) -> None:
    lines = script_for(empty, "powershell").splitlines()
    (new,) = (line for line in lines if line.strip().startswith("'new'"))
    assert "'--audiences'" in new
    assert "'--stale'" not in new
    assert all(line.isascii() for line in lines)


def test_a_shell_without_a_script_is_wrong_usage(empty: CommandFolder) -> None:
    ran = empty.run("completion", "bsh")
    assert ran.code == 2
    assert "did you mean 'bash'" in ran.err
