"""Way 2: structures from a space group, a cell and the sites of the asymmetric unit.

Every setting that the printed symbol can mean is tried, then repairs that ``trials`` lists; kept
is what makes the formula with the stated multiplicities and atoms that do not clash.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scmine.validator.structures.agreement import Fit, amounts, fit, make_formula, merged
from scmine.validator.structures.assembling import MOST_ATOMS, assemble, closeness
from scmine.validator.structures.distinct import distinct
from scmine.validator.structures.lattices import Cell, cell_for
from scmine.validator.structures.missing_sites import Contents, may_lack_sites
from scmine.validator.structures.placing import Heed, Place, letter_of, places
from scmine.validator.structures.positions import positions
from scmine.validator.structures.printed_sites import PrintedSite, printed_sites
from scmine.validator.structures.rebuilt import Candidate, Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.settings import Setting
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.trials import (
    Reading,
    Trial,
    on_other_axes,
    ranks,
    readings,
    settings_of,
    unnamed,
)
from scmine.validator.structures.unfit_names import without_unfit_names

_MOST_CHOICES = 64
_MOST_FITS = 4
_CLASH = 0.45
"""Atoms nearer than this share of their radii clash; known structures have 0.54 and more."""
_MUCH_BETTER = 1.2
_SIXTHS = ("0", "1/6", "1/3", "1/2", "2/3", "5/6")
_COMPLETED = 1e-4
"""A third that was moved by more than this was printed with three digits or fewer."""
_CROWDED = 0.8
"""A structure with atoms nearer than this is doubted if other axes keep them much better apart."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A fit of one trial with its cell, ranked by how well its atoms keep apart."""

    trial: Trial
    fit: Fit
    cell: Cell
    candidate: Candidate
    closeness: float


class _Refusals:
    """What stood against the trials: the reason that is told when none fits."""

    def __init__(self) -> None:
        self.cell: RefusalError | None = None
        self.is_open: str | None = None
        self.has_placed = False
        self.has_fitted = False
        self.has_clash = False
        self.is_incomplete = False

    def error(self, stated: StatedStructure) -> RefusalError:
        """The reason, the most telling one first."""
        formula = stated.formula or "the formula"
        if self.has_clash:
            message = "atoms of the stated sites come too near each other in every setting tried"
            return RefusalError("atoms_too_close", message, contradiction=True)
        if self.has_fitted and self.cell is not None:
            return self.cell
        if self.is_open is not None and not self.has_placed:
            message = f"a coordinate of {self.is_open} is left open"
            return RefusalError("sites_open", message)
        if not self.has_placed and self.cell is not None and not stated.composition:
            return self.cell
        missing = set(stated.composition) - {s.element for s in stated.sites}
        if stated.composition and missing:
            message = f"no site of {', '.join(sorted(missing))} is stated"
            return RefusalError("sites_incomplete", message)
        if self.is_incomplete:
            message = f"the stated sites are not all of {formula}: some are missing"
            return RefusalError("sites_incomplete", message)
        if self.has_placed:
            message = f"the stated sites do not make {formula} in any setting of the space group"
            return RefusalError("sites_against_formula", message, contradiction=True)
        message = "the stated coordinates are not on the stated positions in any setting"
        return RefusalError("sites_against_positions", message, contradiction=True)


def from_wyckoff(
    stated: StatedStructure, *, formula_volume_A3: float | None = None
) -> list[Candidate]:
    """Structures that the stated group, cell and sites can mean.

    Parameters
    ----------
    stated
        The statement. Multiplicity and letter of a site may each be missing where coordinates are
        given, and coordinates where the position has no free parameter.
    formula_volume_A3
        An estimated volume of one formula unit (Å³), from which the one length follows that is
        not stated; the candidate then names it as estimated.

    Returns
    -------
    list of Candidate
        Best first; more than one where the statement leaves a choice of unlike structures.

    Raises
    ------
    RefusalError
        ``sites_missing``, ``sites_open``, ``sites_incomplete``, ``space_group_missing``,
        ``cell_missing`` if too little is stated; ``sites_against_formula``,
        ``sites_against_positions``, ``cell_against_system``, ``atoms_too_close`` if what is stated
        cannot be.
    """
    sites = printed_sites(stated)
    refusals = _Refusals()
    search = _Search(stated, sites, formula_volume_A3, refusals)
    found_groups = readings(stated)
    for of_sites, rank in _plan(search, found_groups):
        found = list(itertools.islice(of_sites.fits(rank), _MOST_FITS))
        if found and _widest(found) < _CROWDED and stated.composition:
            others = list(search.fits(on_other_axes(found_groups[0])))
            if _widest(others) > max(_CROWDED, _MUCH_BETTER * _widest(found)):
                found = others
        if found:
            return _best(found)
    raise refusals.error(stated)


def is_asymmetric_unit(stated: StatedStructure) -> bool:
    """Whether the stated sites make the formula with more atoms than are listed, unrepaired."""
    sites = printed_sites(stated)
    search = _Search(stated, sites, None, _Refusals())
    first = next(ranks(readings(stated), sites, has_formula=True))
    unrepaired = (f.candidate for f in search.fits(first) if not f.candidate.repairs)
    return any(len(candidate.structure) > len(sites) for candidate in unrepaired)


def _plan(search: _Search, groups: Sequence[Reading]) -> Iterator[tuple[_Search, list[Trial]]]:
    """The ranks of trials; after the printed settings, names that fit in none are left out."""
    every = ranks(groups, search.sites, search.has_formula)
    for rank in itertools.islice(every, 2):
        yield search, rank
    if search.has_formula:
        sites, sentences = without_unfit_names(
            search.sites, settings_of(groups[0]), keep_numbers=search.has_sound_numbers
        )
        if sentences:
            yield search.with_sites(sites), unnamed(groups[0], sentences)
    for rank in every:
        yield search, rank


class _Search:
    """Trials of one statement."""

    def __init__(
        self,
        stated: StatedStructure,
        sites: Sequence[PrintedSite],
        formula_volume_A3: float | None,
        refusals: _Refusals,
    ) -> None:
        self._stated = stated
        self.sites = sites
        self._volume = formula_volume_A3
        self._refusals = refusals
        self.has_sound_numbers = make_formula(sites, stated.composition)
        self._cells: dict[tuple[object, ...], Cell | RefusalError] = {}

    @property
    def has_formula(self) -> bool:
        """Whether a formula tells right repairs from wrong ones."""
        return bool(self._stated.composition)

    def with_sites(self, sites: Sequence[PrintedSite]) -> _Search:
        """The same for other sites."""
        return _Search(self._stated, sites, self._volume, self._refusals)

    def fits(self, rank: Sequence[Trial]) -> Iterator[_Found]:
        """The trials of a rank that fit, each with its structure."""
        for trial in rank:
            made = self._fit(trial)
            if made is None:
                continue
            self._refusals.has_fitted = True
            cell = self._cell(trial, made)
            if isinstance(cell, RefusalError):
                self._refusals.cell = self._refusals.cell or cell
                continue
            found = self._built(trial, made, cell)
            near = 0.0 if found is None else found.closeness
            others = list(self._on_other_points(trial, cell)) if near < _CROWDED else []
            if _widest(others) > max(_CROWDED, _MUCH_BETTER * near):
                yield from others
            elif found is not None:
                yield found

    def _on_other_points(self, trial: Trial, cell: Cell) -> Iterator[_Found]:
        """Fits with sites of open coordinates on other points of their positions than the first.

        ``2c, z = 0.16`` is (1/4, 1/4, z) by the tables, unless that point is too near others.
        """
        if trial.repairs or all(site.is_complete for site in self.sites):
            return
        choices = [
            self._places(site, trial)[: 1 if site.is_complete else None] for site in self.sites
        ]
        firsts = [options[0] for options in choices]
        tried = list(itertools.islice(itertools.product(*choices), 1, _MOST_CHOICES))
        # Of two choices that come to the same structure, the one that moves less is told.
        for choice in sorted(tried, key=lambda choice: len(_turned(choice, firsts))):
            made = fit(choice, self._stated.composition)
            found = None if made is None else self._built(trial, made, cell)
            if found is None:
                continue
            turned = _points(_turned(choice, firsts))
            repair = f"{turned}: on the first points of their positions atoms would clash."
            candidate = replace(found.candidate, repairs=(*found.candidate.repairs, repair))
            yield replace(found, candidate=candidate)

    def _cell(self, trial: Trial, made: Fit | None) -> Cell | RefusalError:
        stated = self._stated
        axes, lattice = trial.setting.axes, trial.setting.name[0]
        volume = None
        if self._volume is not None and made is not None and made.formula_units:
            volume = self._volume * made.formula_units
        key = (axes, lattice, volume, trial.order)
        if key not in self._cells:
            edges = [(stated.a_A, stated.b_A, stated.c_A)[i] for i in trial.order]
            ordered = replace(stated, a_A=edges[0], b_A=edges[1], c_A=edges[2])
            try:
                self._cells[key] = cell_for(ordered, axes, lattice, volume)
            except RefusalError as refusal:
                self._cells[key] = refusal
        return self._cells[key]

    def _fit(self, trial: Trial) -> Fit | None:
        """The first choice of places that makes the formula in this trial's setting."""
        choices = []
        atoms = 1.0
        for site in self.sites:
            options = self._places(site, trial)
            if not options:
                if not site.is_complete:
                    self._refusals.is_open = self._refusals.is_open or site.name
                return None
            choices.append(options)
            atoms += min(o.multiplicity for o in options)
        self._refusals.has_placed = True
        if atoms > MOST_ATOMS:
            return None
        for choice in itertools.islice(itertools.product(*choices), _MOST_CHOICES):
            made = fit(choice, self._stated.composition)
            if made is not None and self._is_credible(trial, made):
                return made
        if not any(trial.shift):
            self._refusals.is_incomplete |= self._may_lack_sites(trial, [c[0] for c in choices])
        return None

    def _may_lack_sites(self, trial: Trial, first: Sequence[Place]) -> bool:
        """Whether the sites, placed so, could make the formula together with others."""
        if self._refusals.is_incomplete or not self.has_formula:
            return self._refusals.is_incomplete
        occupied, repairs = merged(first)
        if repairs or any(o.total > 1.001 for o in occupied):
            return False
        cell = self._cell(trial, None)
        volume = cell.volume if isinstance(cell, Cell) else None
        numbers = frozenset(p.multiplicity for p in positions(trial.setting.hall))
        contents = Contents(amounts(occupied), numbers, volume)
        return may_lack_sites(contents, self._stated.composition, self._stated.pressure_GPa)

    def _is_credible(self, trial: Trial, made: Fit) -> bool:
        """Whether a fit is good enough for the repairs of its trial.

        Multiplicities that make the formula are set aside only for others in proportion, as of
        the primitive cell.
        """
        if not trial.strict:
            return True
        if not made.exact or made.repairs:
            return False
        if trial.heed is not Heed.NOTHING or not self.has_sound_numbers:
            return True
        ratios = {
            o.place.multiplicity / o.place.site.multiplicity
            for o in made.occupied
            if o.place.site.multiplicity
        }
        return len(ratios) == 1

    def _places(self, site: PrintedSite, trial: Trial) -> list[Place]:
        if not any(trial.shift):
            return places(site, trial.setting.hall, trial.heed, trial.loose)
        moved = replace(site, xyz=site.xyz + np.array(trial.shift))
        return places(moved, trial.setting.hall, trial.heed, trial.loose)

    def _built(self, trial: Trial, made: Fit, cell: Cell) -> _Found | None:
        structure = assemble(made.occupied, cell)
        near = closeness(structure)
        if near < _CLASH:
            self._refusals.has_clash = True
            return None
        repairs = (*trial.repairs, *cell.repairs, *made.repairs, *_moves(made, trial.setting))
        candidate = Candidate(
            structure, Way.WYCKOFF, repairs, cell.estimated, str(trial.setting), trial.group_taken
        )
        return _Found(trial, made, cell, candidate, near)


def _widest(found: Sequence[_Found]) -> float:
    """How well the best of the fits keeps its atoms apart; 0 if there is none."""
    return max((f.closeness for f in found), default=0.0)


def _best(found: Sequence[_Found]) -> list[Candidate]:
    """The unlike structures of one rank, best first; those that are much worse are dropped."""
    ordered = sorted(
        found,
        # Rounded, so that equal structures stay in the order of the trials on any processor.
        key=lambda f: (not f.fit.exact, len(f.candidate.repairs), -round(f.closeness, 6)),
    )
    best = ordered[0]
    kept = [
        f
        for f in ordered
        if f.fit.exact == best.fit.exact and f.closeness * _MUCH_BETTER > best.closeness
    ]
    return distinct([f.candidate for f in kept])


def _moves(made: Fit, setting: Setting) -> Iterator[str]:
    """A sentence for each site that was moved by more than the rounding of four digits."""
    yield from completed_thirds(made)
    for o in made.occupied:
        place, site = o.place, o.place.site
        if place.moved > _COMPLETED and site.is_complete and not _is_within_digits(place):
            name = f"{place.multiplicity}{letter_of(place.xyz, setting.hall)}"
            yield f"{site.name} was moved by {place.moved:.3f} of an edge onto position {name}."


def _turned(choice: Sequence[Place], firsts: Sequence[Place]) -> list[Place]:
    """The places of a choice that are not the first of their positions."""
    return [place for place, first in zip(choice, firsts, strict=True) if place is not first]


def _points(turned: Sequence[Place]) -> str:
    """Which sites are on which points, for a sentence."""
    told = []
    for place in turned:
        xyz = ", ".join(f"{x:.4g}" for x in place.xyz)
        told.append(f"{place.site.name} is taken at ({xyz})")
    return " and ".join(told)


def completed_thirds(made: Fit) -> Iterator[str]:
    """A sentence for each site whose thirds were printed with three digits or fewer."""
    for o in made.occupied:
        place, site = o.place, o.place.site
        if place.moved <= _COMPLETED or not _is_within_digits(place):
            continue
        sixths = place.xyz * 6
        index = int(np.argmax(np.abs(place.xyz - site.xyz)))
        if abs(sixths[index] - round(sixths[index])) < 1e-5:
            name = _SIXTHS[round(sixths[index]) % 6]
            yield f"{name} was completed from {math.fabs(site.xyz[index]):g} ({site.name})."


def _is_within_digits(place: Place) -> bool:
    """Whether the site was moved by no more than its printed digits leave open."""
    return bool(np.all(np.abs(place.xyz - place.site.xyz) <= place.site.tolerance))
