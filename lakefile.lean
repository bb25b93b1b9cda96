import Lake
open Lake DSL System

/-! The theorem library under elan: `lake build` compiles it on Lean's own `Init`. `lean/core`, the `Init` for machines
without a toolchain, is no module of this package. -/

package tinyverify where
  version := v!"0.1.0"
  description := "Theorems about the int8 arithmetic of small policies"
  leanOptions := #[⟨`autoImplicit, false⟩, ⟨`warningAsError, true⟩]

@[default_target]
lean_lib TinyVerify where
  srcDir := "lean"
  roots := #[`TinyVerify]

/-- `lake build CoreSignatures`: the statements of our core, checked on Lean's own library. -/
lean_lib CoreSignatures where
  srcDir := "tests/lean"
  roots := #[`CoreSignatures]

/-- Modules that the header of `file` imports. -/
def importsOf (file : FilePath) : IO (Array String) := do
  let lines ← IO.FS.lines file
  return lines.filterMap fun line =>
    if line.startsWith "import " then (line.splitOn " ")[1]? else none

/-- Fails on a theorem file that `lean/TinyVerify.lean` does not import, directly or not: nothing would check it. -/
@[lint_driver]
script lint do
  let root : FilePath := "lean"
  let mut reached : Array String := #[]
  let mut queue : Array String := #["TinyVerify"]
  while !queue.isEmpty do
    let name := queue.back!
    queue := queue.pop
    let file := root / ((name.replace "." "/") ++ ".lean")
    if !reached.contains name && (← file.pathExists) then
      reached := reached.push name
      queue := queue ++ (← importsOf file)
  let mut forgotten := 0
  for file in (← (root / "TinyVerify").walkDir) do
    if file.extension == some "lean" then
      let stem : FilePath := (file.toString.splitOn ".lean").headD ""
      let name := ".".intercalate (stem.components.drop 1)
      unless reached.contains name do
        IO.eprintln s!"{name} is not imported by TinyVerify"
        forgotten := forgotten + 1
  return if forgotten == 0 then 0 else 1
