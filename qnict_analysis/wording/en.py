"""English sentences. ``**…**`` is bold; ``{…}`` are facts, put in after the marks are read, so that data cannot
set type."""

COMMON = {
    "and": " and ",
    "list": ", ",
    "items": "; ",
    "quoted": "“{text}”",
    "others": "{n} more",
    "targets.one": "{n} target",
    "targets.many": "{n} targets",
    "the": "the {name}",
    "end_of": "the end of {period}",
}

COUNTS = {
    "met": "**{n}** met",
    "at_level": "**{n}** at the target level",
    "likely": "**{n}** likely to be met",
    "uncertain": "**{n}** uncertain",
    "unlikely": "**{n}** unlikely to be met",
    "missed": "**{n}** not met",
    "no_basis": "**{n}** without a basis for a forecast",
    "not_sourced": "**{n}** without a figure for the deadline",
}

GOALS = {
    "at_least": "{goal}",
    "above": "more than {goal}",
    "at_most": "{goal}",
    "below": "less than {goal}",
}
"""The target inside a sentence, by comparator; ``goal`` is the bare number with its unit."""

TITLES = {
    "met": "Met: {now} against a target of {goal}",
    "met_by_source": "Met, according to a published source ({goal})",
    "missed": "Not met: {now} against a target of {goal}, {gap} short",
    "missed_by_source": "Not met, according to a published source ({goal})",
    "no_basis": "No basis for a forecast: {reason}",
    "not_sourced": "No verdict: the figure for the deadline has not been found",
    "at_level": "At the target level; chance of still being there at the deadline {in_ten}",
    "open.likely": "Likely to reach {goal}: {gap} to go",
    "open.uncertain": "May or may not reach {goal}: {gap} to go",
    "open.unlikely": "Unlikely to reach {goal}: {gap} short",
    "falling.likely": "Likely to come down to {goal}: {gap} to go",
    "falling.uncertain": "May or may not come down to {goal}: {gap} to go",
    "falling.unlikely": "Unlikely to come down to {goal}: {gap} too high",
    "falling.missed": "Not met: {now} against a target of {goal}, {gap} too high",
    "binding": "{title} ({part})",
}

NUMBERS = {
    "now": "Now",
    "latest": "Latest figure",
    "since": "Met since",
    "lack": "Short by",
    "result": "Result",
    "target": "Target",
    "chance": "Chance of meeting it",
    "verdict": "Verdict",
    "forecast": "Forecast for {deadline}",
    "as_of": "figures of {period}",
    "missing": "{gap} to go",
    "too_high": "{gap} too high",
    "reached": "at this level today",
    "deadline": "due {deadline}",
    "milestone": "milestone {period}: {goal}",
    "evidence": "{evidence} evidence",
    "interval_note": "80% of the futures",
    "pace": "{pace} times the present pace needed",
    "no_forecast": "no forecast",
}

NEXT = {
    "step": "What to do: in {next}, {lead} should {action}.",
    "step_whole": "The same step in every period reaches the target by the deadline.",
    "step_part": "The same step in every period gets this part done by the deadline.",
    "pace": "The pace needed is **{pace} times** the pace made so far.",
    "reach": "By the forecast it is more likely than not to be met from **{reach}** on.",
    "no_reach": "By the forecast it is more likely than not to miss the deadline.",
    "hold": "Hold the level to the end of {deadline}; {lead} watches that it does not slip.",
    "cure": "For a forecast: {cure}.",
    "cure_verdict": "For a verdict: {cure}.",
    "met": "The result has to be kept.",
    "missed": "{lead} to report the causes and a date by which the rest will be done.",
    "parts": "The target is met only when all its parts are; the chance is that of all of them together.",
    "soft": "The plan words this as an aim.",
}

ACTIONS = {
    "rise": "bring “{short}” to at least {level} (up {more})",
    "rise_all": "bring “{short}” to all {level} (up {more})",
    "fall": "bring “{short}” down to at most {level} (down {more})",
    "item": "“{short}”",
    "hold": "hold “{short}” at {now}",
    "repair": "report the causes and a date of completion for “{short}”",
}

TASKS = {
    **ACTIONS,
    "rise": "“{short}” at {level} or more (up {more})",
    "rise_all": "“{short}” at all {level} (up {more})",
    "fall": "“{short}” at {level} or less (down {more})",
    "repair": "report the causes and a date of completion",
    "cure": "{items}: {cure}",
    "repairs": "{cure}: {items}",
    "lack": "“{short}” (short by {gap})",
    "lack_high": "“{short}” ({gap} too high)",
}
"""The same actions in a list of tasks."""

REPORT = {
    "kind": "REPORT",
    "title": "{title}: progress to {end}",
    "intro.vn_state": "Under {source}, {agency} reports on the {targets} of the Plan at {end}, from the figures "
    "received by {cutoff}.",
    "intro.plain": "This report says where the {targets} of the {short} stand, how likely they are to be met and "
    "what has to be done, from "
    "the figures published by {cutoff}. The targets: {source}.",
    "I": "I. Results achieved",
    "II": "II. Shortcomings",
    "III": "III. Causes",
    "IV.quarterly": "IV. Priorities for the next quarter",
    "IV.half-yearly": "IV. Priorities for the next half-year",
    "IV.yearly": "IV. Priorities for the next year",
    "IV.after": "IV. Priorities from here on",
    "V": "V. Proposals",
    "overall": "At {end} the **{n}** targets stand as follows: {counts}.",
    "at_level.one": "**1** of the targets is at its level today and has to hold it to the deadline.",
    "at_level.many": "**{n}** of the targets are at their level today and have to hold it to the deadline.",
    "joint": "At the deadline between **{low}** and **{high}** targets are expected to be met (80% of the "
    "simulated futures; median **{middle}**){apart}.",
    "joint_same": "Targets expected to be met at the deadline: **{middle}**{apart}.",
    "joint_apart": ", leaving out {n} without a forecast",
    "levels": "**{group}:** {items}.",
    "level": "{short}: {now} (target {goal})",
    "level_old": "{short}: {now} in {period} (target {goal})",
    "level_by_source": "{short}: met according to a published source (target {goal})",
    "level_unknown": "{short}: no figures (target {goal})",
    "basis.now": "that the pace so far goes on",
    "basis.scenario": "that the effects of the scenario “{title}” come as assumed",
    "evidence.vn_state": "Chances are computed from the reported figures on the assumption {basis}; {record}.",
    "evidence.plain": "Chances are computed from the published figures on the assumption {basis}; {record}.",
    "illustrative": "**The units' figures in this report are illustrative data, not real ones.**",
    "worry.one": "**1** target is {standing}:",
    "worry.many": "**{n}** targets are {standing}:",
    "worry.both": "uncertain or unlikely to be met",
    "worry.uncertain": "uncertain to be met",
    "worry.unlikely": "unlikely to be met",
    "worry.more": "**{n}** targets are {standing}; these **{shown}** worry most:",
    "worry.none": "No target is uncertain or unlikely to be met.",
    "missed.one": "**1** target was not met at the deadline:",
    "missed.many": "**{n}** targets were not met at the deadline:",
    "missed_and_worry": "Targets not met at the deadline: **{missed}**; still open and {standing}: **{n}**:",
    "missed.none": "No target is known to have been missed.",
    "no_basis": "No basis for a forecast: {items}.",
    "no_basis_item": "“{short}” ({reason})",
    "not_sourced": "No verdict, because no figure for the deadline has been found: {items}.",
    "cause.pace": "Progress is slower than needed: to be met in time the pace must be {items}.",
    "cause.pace_item": "**{pace} times** the present one for “{short}”",
    "cause.fading": "The pace of the past year would be enough, but the forecast allows for it to slow down: {items}.",
    "cause.stalled": "No movement towards the target of late: {items}.",
    "cause.units": "Not all are done yet: {items}.",
    "cause.units_item": "“{short}” is {gap} short",
    "cause.high_item": "“{short}” is {gap} too high",
    "cause.coverage": "Returns are incomplete: the figures of {period} on “{short}” cover only **{coverage}** of "
    "those who should report{others}.",
    "cause.coverage_others": "; returns are missing for {n} more indicators too",
    "cause.short": "At the deadline the result was short of the target: {items}.",
    "cause.none": "The figures show no target behind the pace it needs.",
    "cause.limits": "The figures cannot tell whether money, staff or organisation is the cause; those in the lead "
    "have to find out.",
    "cause.limits_plain": "The figures do not say why; those in the lead have to find out.",
    "task.next": "nearest: {units}",
    "task": "**{lead}:** {action}, by **{date}**.",
    "task.more.one": "**Besides:** {n} further step as in {annex}.",
    "task.more.many": "**Besides:** {n} further steps as in {annex}.",
    "task.return.vn_state": "**Reporting units:** send the figures of {next} by **{date}**.",
    "task.return.plain": "**{agency}:** publish the figures of {next} by **{date}**.",
    "task.none": "Keep watching; no target needs more than is being done.",
    "ask.vn_state": "{agency} asks {parent} to:",
    "ask.lead.vn_state": "Have the lead agencies of section IV take these steps in time and report on them with the "
    "figures of {next}.",
    "ask.lead.plain": "The lead bodies of section IV should take these steps and report on them with the figures of {next}.",
    "ask.low": "Consider further resources or another timetable for {items}: by the forecast their chance is low.",
    "ask.low_item": "“{short}” ({chance})",
    "ask.returns": "See to it that the units with missing returns report in full and in time.",
    "ask.missed": "Consider carrying the missed targets into the next plan, each with a date and an agency responsible.",
    "ask.sourced": "Add a sourced figure for the deadline where no verdict could be given.",
    "ask.none": "No new proposal.",
    "close": ".",
    "recipients": "Recipients:",
}

OVERVIEW = {
    "annex": "Annex {n}",
    "title": "Overview at {end}",
    "first": "At {end}, **{good} of {n}** targets are met or likely to be met; {rest}.",
    "first_done": "At {end}, **{good} of {n}** targets are met; {rest}.",
    "first_all": "At {end}, all **{n}** targets are met or likely to be met.",
    "second": "Targets expected to be met at the deadline: **{middle}** (80% of the futures: **{low}** to **{high}**){apart}.",
    "second_same": "Targets expected to be met at the deadline: **{middle}**{apart}.",
    "second_done": "**{n}** targets have a verdict.",
    "third": "The most worrying: {items}.",
    "third_item": "{id} {short}, chance **{chance}**",
    "third_none": "No target is uncertain or unlikely to be met.",
    "third_missed": "Not met: {items}.",
    "third_missed_item": "{id} {short} (**{now}**)",
    "attention": "To watch",
    "attention_none": "Nothing else to watch",
    "now": "now {now}",
    "result": "result {now}",
    "needed": "needed {goal}",
    "pace": "{pace} times the present pace",
    "pace_stalled": "not moving towards the target",
    "pace_ok": "the pace of the past year would do if it lasted",
    "pace_none": "the deadline has passed",
    "chances": "**Since {previous}:** the chance rose for {up} and fell for {down}{most}.",
    "chances_most": "; most of all for {id} “{short}” ({change}{mostly})",
    "chances_mostly": ", mostly {cause}",
    "change": "**Since {previous}:** indicators that moved towards their targets: {up}; away from them: {down}; unmoved: {same}.",
    "change_none": "**Since the period before:** no figures of {period} to compare.",
    "quality_full": "**Data quality:** all {n} indicators have all figures of {period}.",
    "quality": "**Data quality:** {full} of {n} indicators have all figures of {period}{others}.",
    "quality_old": "; without a figure of {period}, standing on an earlier one: {old}",
    "quality_silent": "; up to {silent} units of an indicator did not report: their latest figures are kept meanwhile",
    "quality_low": "; the lowest coverage is {coverage} ({short})",
    "quality_doubts": "; {doubts} figures to ask the units about",
    "record": "**Record:** {record}.",
}

BLOCKS = {
    "table_title": "Table of targets",
    "targets_title": "Target by target",
    "annex_scenarios": "Scenarios, and what it would take",
    "annex_changes": "Changes, and where targets should be",
    "annex_rules": "Other rules, and targets seen together",
    "annex_units": "Reporting units",
    "data_title": "Data quality",
    "data_doubts": "The quality rules name **{n}** figures of {period} to ask the units about; they are used meanwhile.",
    "data_none": "The quality rules name no figure of {period}.",
    "data_more": "{n} more stand in notebook 01.",
    "data_caption": "Figures of {period} to check",
    "method_title": "Method",
    "sources_title": "Sources",
    "glossary_title": "Glossary",
    "annexes": "The annexes",
    "author": "{agency}",
    "mark": "ILLUSTRATIVE DATA",
    "draft": "DRAFT",
    "draft_figures": "has illustrative figures",
    "draft_font": "not set in Times New Roman",
    "footer": "Figures to {as_of} (received by {cutoff}) · Scenario: {scenario} · qnict {version} · random seed {seed}"
    " · data {hash}",
    "place_date": "{place}, …… {year}",
    "number": "No.: ……/BC-{code}",
    "nation": "SOCIALIST REPUBLIC OF VIET NAM",
    "motto": "Independence - Freedom - Happiness",
    "caption": "Points: figures so far. Bands: 50%, 80% and 95% of the simulated futures. Dashed: target. Dotted: path needed.",
    "caption_done": "Points: figures so far. Dashed: target.",
    "table_note": "Chances are printed within {low}–{high} {held}. Likely: "
    "{likely} or more; unlikely: "
    "under {uncertain}. 80%: range of 80% of the simulated futures at the deadline.",
    "table_alt": "Table of {n} targets: level now, target, what is missing, chance and status.",
    "worry_caption": "Targets to watch",
    "worry_alt": "Table of the targets to watch: level now, target, what is missing, chance.",
    "parts_alt": "Table of the parts of target {id}.",
    "trend_alt": "Table of level, growth a year, coverage and units reporting for {short}.",
    "sources_plan": "**The targets:** {source}.",
    "sources_returns.illustrative": "**Returns:** illustrative forms made by a program so that everything can be "
    "tried out; they are no "
    "real unit's figures.",
    "sources_returns.real": "**Returns:** the units' returns received by {cutoff}.",
    "sources_observed": "**Figures:** {source}",
    "sources_published": "**{place}, {years}:** {title}. {url}",
    "sources_note": "Published figures are for comparison only and never mixed into a series; many have another definition.",
    "sources_note_observed": "Each figure carries its source in the data file.",
}

METHOD = {
    "figures": "Figures",
    "figures.units": "Each unit reports numerators and denominators; the level of the whole is the sum of the ones "
    "over the sum of the others. A unit that has not reported is taken neither as done nor as undone: its last "
    "figure is kept for at most {carry} periods and simulated after that. Where the figures cover less than "
    "{coverage} of the denominator no forecast is given.",
    "figures.whole": "Each target uses the figures published for the whole. Where the definition changes the series "
    "is cut, and only what comes after is used for the forecast; two figures of one definition are needed at "
    "least.",
    "figures.known": "Only figures known by {cutoff} are used; what came later has no influence on this report.",
    "forecast": "How the forecast is made",
    "forecast.share": "**Shares:** forecast from their latest pace on two scales (plain, and logit, on which a share slows "
    "down near 100%), drawn towards what is usual and fading with time. Where several units report, each is forecast, "
    "learning from what the others did, and their figures are added up.",
    "forecast.units": "**Units:** each unit that has not adopted has a chance of doing so in a period, learned from "
    "indicators of the same kind; the last ones tend to be slower. {by_share} of the forecast treats the number reached "
    "as a share like any other. Results are whole numbers.",
    "forecast.count": "**Counts:** what is added in a period is a random whole number around the pace so far.",
    "forecast.draws": "The forecast is {draws} simulated futures, common to all targets, as they share one "
    "administration and its means.",
    "forecast.parts": "A target of several parts counts as met only where all its parts are met in the same future.",
    "chance": "What a chance means",
    "chance.meaning": "“A chance of 70%” means that 7 of 10 simulated futures meet the target at the deadline, if "
    "the pace so far goes on. It is no promise, and decisions not yet taken are not in it.",
    "chance.words": "Chances are printed within {low}–{high} {held}. Likely: "
    "{likely} or more; uncertain: {uncertain} to under {likely}; unlikely: under {uncertain}. “Met” and “not "
    "met” are said only once the deadline's figure is in.",
    "chance.rough": "Where evidence is “very weak” (two or three figures) a chance is printed to the nearest tenth.",
    "record": "Record",
    "record.ledger": "{record}. Every briefing enters its forecasts into a ledger; one counts as verified only if it was made "
    "before its period had ended, and once the real figures of that period are known.",
    "illustrative": "Illustrative data",
    "illustrative.what": "The units' figures in this document were made by a program so that it can be tried out. "
    "Only the targets and the published figures are real.",
    "assumptions": "Assumptions",
    "assumptions.one": "{source}: **{value}**.",
}

RULES = {
    "agree_yes": "The rules and the forecast agree: on track by {on}, chance **{chance}**.",
    "agree_no": "The rules and the forecast agree: off track by {off}, chance **{chance}**.",
    "rules_high": "On track by {on}, yet the chance is **{chance}**: {why}{others}.",
    "rules_low": "Off track by {off}, yet the chance is **{chance}**: {why}{others}.",
    "open_high": "On track by {on}, while the forecast leaves it open (chance **{chance}**): {why}.",
    "open_low": "Off track by {off}, while the forecast leaves it open (chance **{chance}**): {why}.",
    "open_split": "On track by {on} but not by {off}; the forecast leaves it open (chance **{chance}**): {why}.",
    "silent": "None of the rules can be computed; by the forecast the chance is **{chance}**.",
    "silent_decided": "None of the rules can be computed; the verdict is in: **{label}**.",
    "no_chance": "There is no forecast to compare with ({reason}); {said}.",
    "nothing": "Neither the rules nor the forecast can speak: {reason}.",
    "decided": "The verdict is in (**{label}**), and the rules say the same: {said}.",
    "decided_against.met": "The verdict is in (**{label}**), though still off track by {off}: the verdict only holds the "
    "deadline's figure against the target.",
    "decided_against.missed": "The verdict is in (**{label}**), though still on track by {on}: the verdict only holds the "
    "deadline's figure against the target.",
    "part": "By its part “{part}”: {sentence}",
    "all": "all five rules",
    "others": "; on the forecast's side: {names}",
    "said_on": "on track by {on}",
    "said_off": "off track by {off}",
}
"""One sentence on how the rules of statistical offices and the forecast stand to each other."""

RULES_WHY = {
    "joint": "each part is judged by itself there, while the target is met only when all parts are",
    "hold": "the level is there today and counts as done, while the chance asks that it holds to the deadline",
    "near_end": "within one point of the end counts as there, while the plan asks for the end itself",
    "status_only": "that index looks at the way already made, not at the pace to come",
    "slowed": "the faster early years still count there, while the latest year slowed down and its pace would come too late",
    "compound": "a curve that steepens every year is extended there, while the yearly gain so far, merely repeated, falls short",
    "tolerance": "falling slightly short still passes there, but not in the plan",
    "ceiling": "one pace is carried on there to nearly 100%, where the last part is usually the slowest, as the forecast allows",
    "spread": "one pace goes on unchanged there, while the forecast lets it slow down and counts every way things can go",
    "held": "the latest fall is extended there, while by the forecast the level reached will more likely hold",
    "sped_up": "the slower early years still count there, while the latest year sped up and its pace is enough",
    "decay": "falling at a constant rate takes off less each year, while the same step as so far is enough",
    "odds": "it reckons in log odds, which flatten near 100%",
    "one_path": "a single path is followed there, while the chance counts every way things can go, the faster ones too",
}
"""Why they differ, by the codes of ``assessment.official``."""

GLOSSARY = {
    "interval": "**80% range**: it holds 80% of the simulated futures; a tenth lie below it and a tenth above.",
    "as_of": "**As-of**: the last period that the briefing speaks of; figures received after the cut-off are not used.",
    "chance": "**Chance**: the part of the simulated futures in which a target is met at its deadline, printed between"
    " {low} and {high};"
    " “likely” from {likely}, “unlikely” below {uncertain}, “uncertain” in between.",
    "hash": "**Data code**: eight characters at the foot of the page that change when any figure does.",
    "evidence": "**Evidence** (strong, fair, weak, very weak): how many periods of one definition, and how much of the"
    " returns, a forecast"
    " rests on.",
    "indicator": "**Indicator**: what is measured for a target; a target with several parts has several.",
    "lever": "**Lever**: a measure that speeds up or slows down the pace, by an assumed effect.",
    "median": "**Median**: half of the simulated futures lie above it and half below.",
    "nearest": "**Nearest**: the units that have not met it yet and are most likely to by the deadline.",
    "no_basis": "**No basis for a forecast**: the figures are too few, too old or cover too little for a chance; the reason"
    " is given.",
    "pace": "**Pace**: the rise in one period; “1.5 times” means half as fast again from now to the deadline.",
    "points": "**Percentage points**: the difference of two percentages; from 40% to 45% is 5 percentage points.",
    "seed": "**Random seed**: the number that starts the simulation; the same seed gives the same result.",
    "unit": "**Reporting unit**: an agency, district or group of communes that sends returns.",
    "scenario": "**Scenario**: a set of lever levels and schedules; all scenarios are compared on the same simulated futures.",
    "target": "**Target**: one promise of the plan: a level, a deadline and a lead agency.",
}
"""What the words of the briefing mean, in alphabetical order."""
