-- Reads jobs as JSON from the standard input, writes what pandoc makes of each as JSON to the standard output.
-- A job is {tex, block, macros} and becomes {typst}, or {mathml, block} and becomes {typst, tex}, or {latex} and becomes {html, formulas, kept}.
-- `kept` is the TeX that pandoc does not know and that stands in the HTML as code. What fails becomes {error}.
-- Readers run in a sandbox without files: \input in a notebook must not open any.

local NO_FILES = {}

local function typst_of(tex, block, macros)
  if macros ~= "" then
    local read = pandoc.read(macros .. "\n\n" .. (block and "\\[" or "\\(") .. tex .. (block and "\\]" or "\\)"), "latex", nil, NO_FILES)
    local seen = nil
    read:walk({ Math = function(math) seen = seen or math.text end })
    tex = seen or tex
  end
  local math = pandoc.Math(block and "DisplayMath" or "InlineMath", tex)
  local text = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
  -- A formula that pandoc cannot read comes back as escaped text.
  local inner = text:match("^%$%s?(.-)%s?%$$")
  return inner
end

local function html_of(latex)
  local formulas, kept = {}, {}
  local document = pandoc.read(latex, "latex+raw_tex", nil, NO_FILES)
  local function token(math)
    local block = math.mathtype == "DisplayMath"
    table.insert(formulas, { tex = math.text, block = block, typst = typst_of(math.text, block, "") or "" })
    return pandoc.Str("\u{E000}" .. (#formulas - 1) .. "\u{E001}")
  end
  local function as(code)
    return function(raw)
      table.insert(kept, raw.text)
      return code(raw.text)
    end
  end
  document = document:walk({ Math = token, RawInline = as(pandoc.Code), RawBlock = as(pandoc.CodeBlock) })
  return { html = pandoc.write(document, "html"), formulas = formulas, kept = kept }
end

local function of_mathml(mathml, block)
  local seen = nil
  pandoc.read(mathml, "html", nil, NO_FILES):walk({ Math = function(math) seen = seen or math.text end })
  return seen and { typst = typst_of(seen, block, "") or "", tex = seen } or { typst = "" }
end

local jobs = pandoc.json.decode(io.read("a"), false)
local found = {}
for number, job in ipairs(jobs) do
  local fine, answer = pcall(function()
    if job.latex then return html_of(job.latex) end
    if job.mathml then return of_mathml(job.mathml, job.block) end
    return { typst = typst_of(job.tex, job.block, job.macros) or "" }
  end)
  found[number] = fine and answer or { error = tostring(answer) }
end
io.write(pandoc.json.encode(found))
