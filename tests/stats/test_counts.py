"""Count models against R's published figures."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from calltrack_nb.stats import fit_counts, pearson_dispersion

# Days absent from school, by ethnicity, sex, form and learner: Aitkin (1978), The Analysis
# of Unbalanced Cross-classifications, JRSS A 141, 195-223; `quine` of R's MASS.
QUINE = """
A M F0 SL 2 11 14 | A M F0 AL 5 5 13 20 22 | A M F1 SL 6 6 15 | A M F1 AL 7 14
A M F2 SL 6 32 53 57 | A M F2 AL 14 16 16 17 40 43 46 | A M F3 AL 8 23 23 28 34 36 38
A F F0 SL 3 | A F F0 AL 5 11 24 45 | A F F1 SL 5 6 6 9 13 23 25 32 53 54
A F F1 AL 5 5 11 17 19 | A F F2 SL 8 13 14 20 47 48 60 81 | A F F2 AL 2
A F F3 AL 0 2 3 5 10 14 21 36 40 | N M F0 SL 6 17 67 | N M F0 AL 0 0 2 7 11 12
N M F1 SL 0 0 5 5 5 11 17 | N M F1 AL 3 4 | N M F2 SL 22 30 36
N M F2 AL 8 0 1 5 7 16 27 | N M F3 AL 0 30 10 14 27 41 69 | N F F0 SL 25
N F F0 AL 10 11 20 33 | N F F1 SL 5 7 0 1 5 5 5 5 7 11 15 | N F F1 AL 5 14 6 6 7 28
N F F2 SL 0 5 14 2 2 3 8 10 12 | N F F2 AL 1 | N F F3 AL 1 9 22 3 3 5 15 18 22 37
"""


@pytest.fixture(scope="module")
def quine():
    """Return the 146 children, one a row."""
    groups = [group.split() for line in QUINE.strip().splitlines() for group in line.split("|")]
    rows = [(*group[:4], int(days)) for group in groups for days in group[4:]]
    assert len(rows) == 146
    return pd.DataFrame(rows, columns=["Eth", "Sex", "Age", "Lrn", "Days"])


def test_the_saturated_negative_binomial_is_that_of_the_r_book(quine):
    """Crawley, The R Book, glm.nb(Days ~ Eth*Sex*Age*Lrn): theta 1.928, 2 log L -1039.324."""
    cell = quine[["Eth", "Sex", "Age", "Lrn"]].agg("".join, axis=1)
    design = pd.get_dummies(cell).to_numpy(dtype=float)
    fit = sm.NegativeBinomial(quine["Days"].to_numpy(), design).fit(disp=0, maxiter=500)
    assert 1 / fit.params[-1] == pytest.approx(1.928, abs=5e-4)
    assert 2 * fit.llf == pytest.approx(-1039.324, abs=5e-4)


def test_the_main_effects_are_those_of_rs_glm_nb(quine):
    """R, MASS: glm.nb(Days ~ Eth + Sex + Age + Lrn, quine): theta 1.275, 2 log L -1093.151."""
    fit = smf.negativebinomial("Days ~ Eth + Sex + Age + Lrn", quine).fit(disp=0, maxiter=500)
    published = {
        "Intercept": 2.89458, "Eth[T.N]": -0.56937, "Sex[T.M]": 0.08232, "Age[T.F1]": -0.44843,
        "Age[T.F2]": 0.08808, "Age[T.F3]": 0.35690, "Lrn[T.SL]": 0.29211,
    }  # fmt: skip
    assert fit.params[list(published)].tolist() == pytest.approx(list(published.values()), abs=5e-5)
    assert 1 / fit.params["alpha"] == pytest.approx(1.275, abs=5e-4)
    assert 2 * fit.llf == pytest.approx(-1093.151, abs=5e-4)


def test_our_count_model_owns_up_to_the_scatter_that_the_negative_binomial_sees(quine):
    """On the same children our errors are nearly the negative binomial's, not Poisson's.

    R's quasi-Poisson dispersion of this model is 13.167; taking the counts for Poisson
    would make every error 3.6 times too small.
    """
    fitted = smf.negativebinomial("Days ~ Eth + Sex + Age + Lrn", quine).fit(disp=0, maxiter=500)
    shuffled = quine.sample(frac=1, random_state=1)  # not in order of the groups
    design = smf.poisson("Days ~ Eth + Sex + Age + Lrn", shuffled).exog
    ours = fit_counts(shuffled["Days"].to_numpy(float), design, np.ones(146))
    assert ours.dispersion == pytest.approx(13.167, abs=5e-3)
    error = np.sqrt(np.diag(ours.covariance))
    ratio = error / fitted.bse.to_numpy()[:-1]
    assert (ratio > 0.8).all()
    assert (ratio < 1.8).all()


def test_mites_on_apple_leaves_scatter_as_bliss_and_fisher_say():
    """Bliss and Fisher (1953), Biometrics 9, 176-200: mean 1.1467, k 1.0246, variance 2.2736."""
    mites = np.repeat(np.arange(8), [70, 38, 17, 10, 9, 3, 2, 1])
    fit = sm.NegativeBinomial(mites, np.ones(150)).fit(disp=0)
    assert np.exp(fit.params[0]) == pytest.approx(1.1467, abs=5e-5)
    assert 1 / fit.params[1] == pytest.approx(1.0246, abs=5e-5)
    ours = pearson_dispersion(mites, np.full(150, mites.mean()), np.full(150, mites.mean()), 149)
    assert ours == pytest.approx(2.2736 / 1.1467, abs=5e-4)
