"""The planners' form: sliders for the levers, a table of schedules, and what they do to every chance, at once.

The form is made from the typed model of a scenario and the registry's levers: what it saves is a valid scenario file.
"""

import html as markup
from pathlib import Path

import ipywidgets as widgets
import yaml

from qnict_analysis import charts, formats, periods
from qnict_analysis.analysis import Analysis
from qnict_analysis.facts import caps_of
from qnict_analysis.params import LeverSetting, ScenarioSpec, Schedule, scenario_faults, scenario_name, takes_items
from qnict_analysis.planning import Planner, chosen
from qnict_analysis.store import write_atomically, write_new
from qnict_analysis.wording.plans import notes_of

STEP = 0.05
DIGITS = 9
"""What a slider's arithmetic adds to a step lies behind these; no file gives a level so finely."""

WORDS = {
    "vi": {
        "start": "bắt đầu",
        "chart": "Biểu đồ",
        "name": "Tên tệp",
        "save": "Lưu kịch bản",
        "undo": "Trở về ban đầu",
        "add": "Thêm lịch triển khai",
        "remove": "Bỏ",
        "indicator": "Chỉ số",
        "period": "Kỳ",
        "adds": "Số thêm",
        "on_time": "Đúng hạn",
        "target": "Chỉ tiêu",
        "base": "Hiện trạng",
        "scenario": "Kịch bản",
        "change": "Thay đổi",
        "assumed": "Mức tác động của đòn bẩy là giả định, không phải số đo.",
        "mark": "SỐ LIỆU MINH HỌA",
        "saved": "Đã lưu {path}",
        "bad_name": "Tên tệp chỉ gồm a-z, 0-9, _ và -, không bắt đầu bằng -, tối đa 60 ký tự, không trùng tên thiết bị Windows.",
        "unwritten": "Không ghi được tệp {path}: {why}",
        "exists": "Đã có kịch bản {name}; hãy chọn tên khác.",
        "why": "Lập trong biểu mẫu kịch bản.",
        "met": "Số chỉ tiêu đạt (trung bình)",
        "over": "Mọi thời hạn đã qua: không đòn bẩy nào còn thay đổi được gì.",
    },
    "en": {
        "start": "start",
        "chart": "Chart",
        "name": "File name",
        "save": "Save scenario",
        "undo": "Back to the start",
        "add": "Add a schedule",
        "remove": "Remove",
        "indicator": "Indicator",
        "period": "Period",
        "adds": "Adds",
        "on_time": "In time",
        "target": "Target",
        "base": "Baseline",
        "scenario": "Scenario",
        "change": "Change",
        "assumed": "The effects of levers are assumptions, not measurements.",
        "mark": "ILLUSTRATIVE DATA",
        "saved": "Saved {path}",
        "bad_name": "A file name has only a-z, 0-9, _ and -, no - first, at most 60 characters, and is no device of Windows.",
        "unwritten": "{path} could not be written: {why}",
        "exists": "There is a scenario {name} already; choose another name.",
        "why": "Made in the scenario form.",
        "met": "Targets met (mean)",
        "over": "Every deadline has passed: no lever can change anything.",
    },
}


class ScenarioForm:
    """Sliders, start periods and schedules over one analysis; ``widget`` is what a notebook shows.

    It begins as the analysis's scenario with the levers set beside it, periods of the past included. Every move works all targets
    out again with the same random numbers (``Planner``). ``spec`` is the scenario as it stands; ``save`` writes it to
    params/scenarios/ and never goes over a file that the form has not written itself.
    """

    def __init__(self, analysis: Analysis, planner: Planner | None = None):
        self.analysis, self.lang = analysis, analysis.params.lang
        self.words, self.planner = WORDS[self.lang], planner or Planner(analysis)
        self.base = self.planner.chances(self.planner.baseline)
        self._begin, self._written, self._whys, self._quiet = chosen(analysis), set(), {}, False
        ahead = periods.period_range(self.planner.first, analysis.registry.last_deadline())
        own = [one.start for one in self._begin.levers.values()] + [one.period for one in self._begin.schedules]
        self._drawn: tuple = ("", None)
        self.over, self.periods = not ahead, sorted({*ahead, *own, self.planner.first}, key=periods.ordinal)
        self.sliders = {name: self._slider(name) for name in analysis.registry.levers}
        self.starts = {name: self._start(name) for name in analysis.registry.levers}
        self.rows = widgets.VBox([])
        self.chances, self.picture, self.told, self.notes = (widgets.HTML() for _ in range(4))
        open_ones = [name for name, p in self.base.items() if p == p and 0 < p < 1] or list(self.base.index)
        names = [(f"{name} {analysis.registry.targets[name].short[self.lang]}", name) for name in open_ones]
        self.shown = widgets.Dropdown(options=names, description=self.words["chart"])
        self.name = widgets.Text(value="my-scenario", description=self.words["name"])
        self.undo_button = widgets.Button(description=self.words["undo"])
        self.save_button = widgets.Button(description=self.words["save"], button_style="primary")
        self.add_button = widgets.Button(description=self.words["add"], disabled=not self._counted())
        self.widget = self._laid_out()
        self._watch()
        self.undo()

    # --- the scenario as it stands ---

    @property
    def spec(self) -> ScenarioSpec:
        """The scenario that the form shows; levers at 0 are left out."""
        levels = {name: round(slider.value, DIGITS) for name, slider in self.sliders.items()}
        levers = {name: LeverSetting(level=level, start=self.starts[name].value) for name, level in levels.items() if level}
        schedules = tuple(self._schedule(row) for row in self.rows.children)
        given = {"levers": levers, "schedules": schedules, "extends": None, "towards_best": self._begin.towards_best}
        return self.planner.baseline.model_copy(update=given)

    def undo(self, _=None) -> None:
        """Everything back to the scenario that the notebook was opened with."""
        self._quiet = True
        for name, slider in self.sliders.items():
            setting = self._begin.levers.get(name)
            slider.value = setting.level if setting else 0.0
            self.starts[name].value = setting.start if setting else self.planner.first
        self.rows.children = [self._row(one) for one in self._begin.schedules]
        self._quiet = False
        self.told.value = ""
        self.refresh()

    def refresh(self, _=None) -> None:
        """Work the chances out again and show them."""
        if not self._quiet:
            spec = self.spec
            self.now = self.planner.chances(spec)
            self.chances.value = self._table(self.now)
            self.notes.value = "<br>".join(map(markup.escape, notes_of(spec, self.analysis.registry, self.lang)))
            self._draw(spec)

    def save(self, _=None) -> Path | None:
        """Write the scenario to params/scenarios/; says where, or why not, and gives the path (None where it could not)."""
        name = self.name.value.strip()
        path = self.analysis.workspace.scenarios / f"{name}.yaml"
        faults = self._refused(name) or self._unwritten(path, self.spec.model_copy(update={"name": name}))
        told = faults or [self.words["saved"].format(path=f"params/scenarios/{path.name}")]
        self.told.value = "<br>".join(map(markup.escape, told))
        return None if faults else path

    def _refused(self, name: str) -> list[str]:
        """Why the scenario cannot be saved under this name; empty where it can."""
        try:
            scenario_name(name)
        except ValueError:
            return [self.words["bad_name"]]
        return scenario_faults(self.spec.model_copy(update={"name": name}), self.analysis.registry)

    def _unwritten(self, path: Path, spec: ScenarioSpec) -> list[str]:
        """Write the file; why it could not be, where it could not."""
        exists = [self.words["exists"].format(name=spec.name)]
        try:
            if path in self._written:
                write_atomically(path, self._yaml(spec).encode())
            elif path.exists() or write_new(path, self._yaml(spec).encode()) != path:
                return exists
        except OSError as error:
            return [self.words["unwritten"].format(path=path.name, why=error.strerror or error)]
        self._written.add(path)
        return []

    def _yaml(self, spec: ScenarioSpec) -> str:
        """The scenario as a file: only what differs from the baseline."""
        title = {code: spec.name for code in WORDS}
        data = {
            "title": title,
            "why": {code: WORDS[code]["why"] for code in WORDS},
            "levers": {name: setting.model_dump() for name, setting in spec.levers.items()},
            "schedules": [{**one.model_dump(), "why": dict(one.why)} for one in spec.schedules],
        } | ({"towards_best": spec.towards_best} if spec.towards_best else {})
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)

    # --- widgets ---

    def _slider(self, name: str) -> widgets.FloatSlider:
        low, high = bounds_of(LeverSetting, "level")
        title = self.analysis.registry.levers[name].title[self.lang]
        layout, style = widgets.Layout(width="540px"), {"description_width": "310px"}
        return widgets.FloatSlider(
            value=0.0, min=low, max=high, step=STEP, description=title, readout_format=".0%", layout=layout, style=style
        )

    def _start(self, name: str) -> widgets.Dropdown:
        options = [(formats.period_tick(label, self.lang), label) for label in self.periods]
        return widgets.Dropdown(options=options, description=self.words["start"], layout=widgets.Layout(width="190px"))

    def _row(self, one: Schedule | None = None) -> widgets.HBox:
        """One schedule: indicator, period, how many, chance to be in time."""
        words, narrow, counted = self.words, widgets.Layout(width="150px"), self._counted()
        least, most = map(int, bounds_of(Schedule, "adds"))
        parts = [
            widgets.Dropdown(options=counted, description=words["indicator"], value=one.indicator if one else counted[0][1]),
            widgets.Dropdown(options=self.periods, description=words["period"], value=one.period if one else self.planner.first),
            widgets.BoundedIntText(
                value=one.adds if one else least, min=least, max=most, description=words["adds"], layout=narrow
            ),
            widgets.FloatSlider(value=one.on_time if one else 0.7, min=0, max=1, step=STEP, description=words["on_time"]),
            widgets.Button(description=words["remove"]),
        ]
        row = widgets.HBox(parts)
        self._whys[row.model_id] = one.why if one else {code: WORDS[code]["why"] for code in WORDS}
        for part in parts[:4]:
            part.observe(self.refresh, "value")
        parts[4].on_click(lambda _: self._drop(row))
        return row

    def _counted(self) -> list[tuple[str, str]]:
        """The indicators that a schedule can add to, as they are offered."""
        own = [one for one in self.analysis.registry.indicators.values() if takes_items(one)]
        return [(f"{one.id} {one.short[self.lang]}", one.id) for one in own]

    def _drop(self, row: widgets.HBox) -> None:
        self.rows.children = [one for one in self.rows.children if one is not row]
        self.refresh()

    def _add(self, _=None) -> None:
        self.rows.children = [*self.rows.children, self._row()]
        self.refresh()

    def _schedule(self, row: widgets.HBox) -> Schedule:
        indicator, period, adds, on_time, _ = row.children
        chance, why = round(on_time.value, DIGITS), self._whys[row.model_id]
        return Schedule(indicator=indicator.value, period=period.value, adds=adds.value, on_time=chance, why=why)

    def _watch(self) -> None:
        for control in [*self.sliders.values(), *self.starts.values(), self.shown]:
            control.observe(self.refresh, "value")
        self.undo_button.on_click(self.undo)
        self.save_button.on_click(self.save)
        self.add_button.on_click(self._add)

    def _laid_out(self) -> widgets.Widget:
        levers = widgets.VBox([widgets.HBox([self.sliders[name], self.starts[name]]) for name in self.sliders])
        controls = widgets.HBox([self.name, self.save_button, self.undo_button, self.add_button])
        left = widgets.VBox([levers, self.rows, controls, self.told])
        right = widgets.VBox([self.shown, self.picture])
        mark = f'<b style="color:#c2410c">{self.words["mark"]}</b> · ' if self.analysis.illustrative else ""
        said = [self.words["assumed"], *([self.words["over"]] if self.over else [])]
        note = widgets.HTML(f"<p>{mark}{markup.escape(' '.join(said))}</p>")
        shown = widgets.HBox([self.chances, right], layout=widgets.Layout(flex_flow="row wrap"))
        return widgets.VBox([note, left, shown, self.notes])

    # --- what it shows ---

    def _table(self, now) -> str:
        """Chances of all targets, baseline beside scenario; what moved is bold with its sign."""
        words, heads = self.words, ("target", "base", "scenario", "change")
        lines = [self._line(name, self.base[name], now[name]) for name in self.base.index]
        mean = [formats.number(values.sum(), self.lang, 1) for values in (self.base, now)]
        change = formats.signed(now.sum() - self.base.sum(), self.lang, 1)
        lines.append(f"<tr><td>{words['met']}</td><td>{mean[0]}</td><td>{mean[1]}</td><td>{change}</td></tr>")
        head = "".join(f"<th>{words[name]}</th>" for name in heads)
        return f'<table class="qnict-form" cellpadding="4"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'

    def _line(self, name: str, base: float, now: float) -> str:
        short = markup.escape(f"{name} {self.analysis.registry.targets[name].short[self.lang]}")
        if base != base:
            return f"<tr><td>{short}</td><td>–</td><td>–</td><td></td></tr>"
        moved = 100 * (now - base)
        change = f"<b>{formats.signed(moved, self.lang, 1)}</b>" if abs(moved) >= 0.05 else ""
        cells = [formats.chance(p, self.lang, **caps_of(self.analysis.registry)) for p in (base, now)]
        return f'<tr data-target="{name}"><td>{short}</td><td>{cells[0]}</td><td>{cells[1]}</td><td>{change}</td></tr>'

    def _draw(self, spec: ScenarioSpec) -> None:
        """The fan chart of the target chosen, under the scenario; it stays where nothing of it has moved: drawing is slow."""
        a, target = self.analysis, self.analysis.registry.targets[self.shown.value]
        part = target.parts[0]
        indicator, draws = a.registry.indicators[part.indicator], self.planner.draws(spec, [part.indicator])
        if target.id == self._drawn[0] and draws.equals(self._drawn[1]):
            return
        self._drawn, given = (target.id, draws), (a.series, draws, part, indicator)
        shared = {"lang": self.lang, "as_of": a.as_of, "deadline": target.deadline, "milestones": target.milestones}
        axes = charts.fan_chart(*given, **shared)
        alt = markup.escape(charts.alt_text(*given, **shared), quote=True)
        svg = charts.to_svg(axes.figure).partition("<svg")
        self.picture.value = f'<div role="img" aria-label="{alt}"><svg{svg[2]}</div>'


def bounds_of(model, field: str) -> tuple[float, float]:
    """The least and the greatest value of a field, as the typed model allows them."""
    found = {type(one).__name__: one for one in model.model_fields[field].metadata}
    return float(found["Ge"].ge), float(found["Le"].le)
