"""Yes-or-no unknowns under linear bounds, solved exactly by HiGHS.

SciPy has HiGHS too, in a version that fails on some programs without a solution and prints a line to the screen then.

References
----------
Huangfu and Hall, 'Parallelizing the dual revised simplex method', Mathematical Programming Computation 10, 2018.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

Doubles = NDArray[np.float64]
#: With more unknowns, HiGHS's presolve may take ten times as long as the solution, and knows no limit of time.
_PRESOLVED = 1_000


@dataclass(frozen=True)
class Solution:
    """What came of it.

    Parameters
    ----------
    values : float64 [shape=(n,)] or None
    certain : bool
        Whether the solver came to an end: without values, that there are none.
    """

    values: Doubles | None
    certain: bool


@dataclass
class Program:
    """Rows of ``low <= A x <= high`` over whole ``x`` between ``least`` and ``most``.

    Parameters
    ----------
    cost, least, most : float64 [shape=(n,)]
        What is made small, and the ends of each unknown.
    """

    cost: Doubles
    least: Doubles
    most: Doubles
    _rows: list[csr_array] = field(default_factory=list)
    _low: list[Doubles] = field(default_factory=list)
    _high: list[Doubles] = field(default_factory=list)

    def add(self, rows: csr_array, low: float, high: float) -> None:
        """Bound some sums alike, [shape=(k, n)]."""
        self._rows.append(rows)
        self._low.append(np.full(rows.shape[0], low))
        self._high.append(np.full(rows.shape[0], high))

    def solve(self, *, budget_s: float, gap: float = 1e-6) -> Solution:
        """Solve it.

        Parameters
        ----------
        budget_s : float
        gap : float
            How far from the best, as a share, is good enough.
        """
        import highspy  # late: most lists need no proof

        matrix = csr_array(vstack(self._rows, format="csr"))
        n = len(self.cost)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n, matrix.shape[0]
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, self.least, self.most
        lp.row_lower_, lp.row_upper_ = np.concatenate(self._low), np.concatenate(self._high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        lp.integrality_ = [highspy.HighsVarType.kInteger] * n
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, bool | int | float | str] = {"output_flag": False, "threads": 1, "random_seed": 0}
        options |= {"time_limit": budget_s, "mip_rel_gap": gap}
        if n > _PRESOLVED:
            options["presolve"] = "off"
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(lp)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solution(None, certain=True)
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Solution(None, certain=False)
        values = np.array(solver.getSolution().col_value)
        return Solution(values, certain=status == highspy.HighsModelStatus.kOptimal)
