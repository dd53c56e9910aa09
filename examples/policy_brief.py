"""A policy brief from one comparison: `brief.tex`, `table.csv` for Word and Excel, and the figure.

    python examples/policy_brief.py OUT                      # the scenarios of examples/library, at full size
    python examples/policy_brief.py OUT --population 5000 --replications 4 A.yaml B.yaml

`brief.tex` needs LaTeX with booktabs and graphicx; the table is as `run.py compare` prints it.
"""

import argparse
import csv
from pathlib import Path

import labour_lab as lab
from experiments.engine.manifest import project_version
from views.compare.formats import escape

LIBRARY = sorted((Path(__file__).parent / "library").glob("*.yaml"))
BRIEF = r"""\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage{booktabs,graphicx,geometry}
\begin{document}
\title{%(title)s}\date{}\maketitle
\section*{What was found}
%(findings)s
\section*{What was asked}
\begin{description}
%(asked)s
\end{description}
\begin{figure}[h]\centering\includegraphics[width=\linewidth]{effects.png}
\caption{Difference to the baseline with 95\,\%% intervals.}\end{figure}
%(table)s
\section*{How}
%(method)s
\end{document}
"""


def brief(compared: lab.Compared, folder: Path) -> None:
    """Write the brief of a comparison into a folder."""
    *reforms, baseline = compared.scenarios.values()
    pairs, persons = baseline.replications, baseline.population
    method = (
        f"China Labour Lab {project_version()}: {persons:,} simulated persons, {pairs} pairs of replications with "
        "common random numbers. The interval holds luck and, where draws are told, what is not known of the "
        "parameters; whether the model's rules are right it does not say."
    )
    told = {
        "title": "What the measures would change for young job seekers",
        "findings": "\n\n".join(map(escape, compared.finding)),
        "asked": "\n".join(rf"\item[{escape(one.name)}] {escape(one.description)}" for one in reforms),
        "table": compared.latex,
        "method": escape(method),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brief.tex").write_text(BRIEF % told, encoding="utf-8")
    compared.plot("effects_by_scenario").savefig(folder / "effects.png", dpi=200)
    write_table(compared, folder / "table.csv")


def write_table(compared: lab.Compared, file: Path) -> None:
    """The table as it is printed; with a byte order mark, so that Word and Excel see what it is written in."""
    table = compared.policy_table
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        for panel in table.panels:
            rows.writerow([panel.title, table.baseline, *table.scenarios])
            for line in panel.lines:
                cells = [f"{cell.change} ({cell.interval})" if cell.interval else cell.change for cell in line.cells]
                rows.writerow([line.label, line.baseline, *cells])
            rows.writerow([])
        rows.writerows([note] for note in table.notes)


def main() -> None:
    """Compare and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("scenarios", nargs="*", default=LIBRARY)
    parser.add_argument("--population", type=int, default=100_000)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--end", default="2027-12")
    asked = parser.parse_intermixed_args()
    size = {"population": asked.population, "replications": asked.replications, "end": asked.end}
    brief(lab.compare(asked.scenarios, against="baseline", **size), asked.out)
    print(f"written: {asked.out}")


if __name__ == "__main__":
    main()
